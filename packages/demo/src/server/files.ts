/**
 * The files that the portal serves: a map made once at the start. What is not in it does not exist, so that no path
 * of a request ever reaches the disk.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One file as it is served. */
export interface ServedFile {
  readonly mediaType: string
  readonly body: Buffer
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.pdf': 'application/pdf',
}

/** What index.html holds where the ports go: the content of its `trien-ports`. */
const PORTS_PLACE = 'content="{ports}"'

const PAGE = ['frame.css', 'steps.css', 'panels.css', 'emblem.svg', 'drawings.svg']
const SAMPLE = ['application.pdf', 'application-preview.png', 'signature.png']

/**
 * Reads every file of the portal.
 * @param root folder of this package: `src/page`, `sample` and the built `dist/page` lie in it
 * @param bridgePorts written into the page, for its script to try in this order
 */
export function readFiles(root: string, bridgePorts: readonly number[]): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>()
  const add = (url: string, ...place: string[]) => {
    const file = path.join(root, ...place)
    files.set(url, { mediaType: mediaTypeOf(file), body: readFileSync(file) })
  }
  for (const name of PAGE) add(`/${name}`, 'src', 'page', name)
  // Asked for where no page names another: beside the PDF in a tab of its own.
  add('/favicon.ico', 'src', 'page', 'emblem.svg')
  for (const name of SAMPLE) add(`/${name}`, 'sample', name)
  for (const name of readdirSync(path.join(root, 'dist', 'page'))) {
    add(`/${name}`, 'dist', 'page', name)
  }
  const html = readFileSync(path.join(root, 'src', 'page', 'index.html'), 'utf8')
  const body = html.replace(PORTS_PLACE, `content="${bridgePorts.join(' ')}"`)
  if (body === html) throw new Error('index.html has no place for the ports')
  files.set('/', { mediaType: mediaTypeOf('index.html'), body: Buffer.from(body) })
  return files
}

function mediaTypeOf(file: string): string {
  const mediaType = MEDIA_TYPES[path.extname(file)]
  if (!mediaType) throw new Error(`no media type for ${path.basename(file)}`)
  return mediaType
}
