/**
 * pdf.js as it ships with Firefox, asked for the picture and the text of a page: an engine of another make than the
 * programs of `render-pdf.ts`, whose fonts pass the browser's own sanitizer.
 * @module
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launchFirefox } from './firefox.ts'
import { type Cut, pixelsOf } from './cut.ts'
import type { Picture } from './render-pdf.ts'

/** A Firefox whose viewer is open. */
export interface PdfJs {
  /** Renders a part of the first page, annotations too, as people see it. */
  render(pdf: Uint8Array, cut: Cut): Promise<Picture>
  /** The text of the first page's own content; white space is one blank. */
  extractText(pdf: Uint8Array): Promise<string>
  close(): Promise<void>
}

/** What is used of the viewer's library. */
interface Library {
  getDocument(source: { data: Uint8Array }): {
    promise: Promise<{ getPage(page: number): Promise<LibraryPage> }>
    destroy(): Promise<void>
  }
}
interface LibraryPage {
  getViewport(options: { scale: number; offsetX?: number; offsetY?: number }): { width: number }
  render(options: object): { promise: Promise<void> }
  getTextContent(): Promise<{ items: readonly { str?: string; hasEOL?: boolean }[] }>
}

/** Starts the browser and opens its viewer on a document; the caller closes it. */
export async function openPdfJs(first: Uint8Array): Promise<PdfJs> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-pdfjs-'))
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/pdf')
    response.end(first)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await launchFirefox(folder, path.join(folder, 'profile'))
  const close = async (): Promise<void> => {
    await browser.close()
    server.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const viewer = await browser.newPage()
    await viewer.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x.pdf`)
    await viewer.waitForSelector('.page[data-loaded] .textLayer')
    return {
      close,
      async render(pdf, cut) {
        const pixels = pixelsOf(cut)
        const rgba = await viewer.evaluate(renderInPage, base64(pdf), pixels)
        return pictureOf(pixels.width, pixels.height, Buffer.from(rgba, 'base64'))
      },
      async extractText(pdf) {
        return (await viewer.evaluate(extractInPage, base64(pdf))).replace(/\s+/g, ' ')
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function pictureOf(width: number, height: number, rgba: Buffer): Picture {
  return {
    width,
    height,
    pixel(x, y) {
      const at = (y * width + x) * 4
      return [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!]
    },
  }
}

/** Runs in the viewer. @returns base64 of RGBA */
async function renderInPage(pdf: string, cut: ReturnType<typeof pixelsOf>): Promise<string> {
  const { pdfjsLib } = globalThis as unknown as { pdfjsLib: Library }
  const data = Uint8Array.from(atob(pdf), (letter) => letter.charCodeAt(0))
  const task = pdfjsLib.getDocument({ data })
  const page = await (await task.promise).getPage(1)
  const scale = cut.pageWidth / page.getViewport({ scale: 1 }).width
  const viewport = page.getViewport({ scale, offsetX: -cut.x, offsetY: -cut.y })
  const canvas = document.createElement('canvas')
  canvas.width = cut.width
  canvas.height = cut.height
  const context = canvas.getContext('2d')!
  await page.render({ canvasContext: context, viewport }).promise
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data
  await task.destroy()
  const reader = new FileReader()
  await new Promise((resolve) => {
    reader.onload = resolve
    reader.readAsDataURL(new Blob([pixels]))
  })
  return String(reader.result).replace(/^.*,/, '')
}

/** Runs in the viewer. */
async function extractInPage(pdf: string): Promise<string> {
  const { pdfjsLib } = globalThis as unknown as { pdfjsLib: Library }
  const data = Uint8Array.from(atob(pdf), (letter) => letter.charCodeAt(0))
  const task = pdfjsLib.getDocument({ data })
  const page = await (await task.promise).getPage(1)
  const { items } = await page.getTextContent()
  await task.destroy()
  return items.map(({ str = '', hasEOL }) => str + (hasEOL ? '\n' : '')).join('')
}
