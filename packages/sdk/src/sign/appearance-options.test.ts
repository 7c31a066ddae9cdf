import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signPdf } from './pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

const AT = { x: 20, y: 30, width: 60, height: 20 }

describe('options that are wrong', () => {
  const content = { text: { lines: ['x'] } }
  it.each<[string, unknown]>([
    ['appearance', null],
    ['appearance', 'text'],
    ['appearance.page', { page: 0, at: AT, content }],
    ['appearance.page', { page: 1.5, at: AT, content }],
    ['appearance.page', { page: 'first', at: AT, content }],
    ['appearance.page', { page: 2, at: AT, content }],
    ['appearance.at', { content }],
    ['appearance.at', { at: { ...AT, x: -1 }, content }],
    ['appearance.at', { at: { ...AT, width: 0 }, content }],
    ['appearance.at', { at: { ...AT, height: NaN }, content }],
    ['appearance.at', { at: { ...AT, x: 160 }, content }],
    ['appearance.at', { at: { ...AT, y: 290 }, content }],
    ['appearance.at', { at: { ...AT, from: 'centre' }, content }],
    ['appearance.content', { at: AT }],
    ['appearance.content', { at: AT, content: {} }],
    ['appearance.content.layout', { at: AT, content: { ...content, layout: 'below' } }],
    ['appearance.content.padding', { at: AT, content: { ...content, padding: -1 } }],
    ['appearance.content.padding', { at: AT, content: { ...content, padding: 15 } }],
    ['appearance.content.frame', { at: AT, content: { ...content, frame: { colour: 'red' } } }],
    ['appearance.content.frame', { at: AT, content: { ...content, frame: null } }],
    ['appearance.content.image', { at: AT, content: { image: 'data:' } }],
    ['appearance.content.image', { at: AT, content: { image: null } }],
    ['appearance.content.text.lines', { at: AT, content: { text: null } }],
    ['appearance.content.text.lines', { at: AT, content: { text: {} } }],
    ['appearance.content.text.lines', { at: AT, content: { text: { lines: [] } } }],
    ['appearance.content.text.lines', { at: AT, content: { text: { lines: [5] } } }],
    ['appearance.content.text.lines', { at: AT, content: { text: { lines: [{ time: 'now' }] } } }],
    ['appearance.content.text.lines', { at: AT, content: { text: { lines: ['\u202e'] } } }],
    ['appearance.content.text.lines', { at: AT, content: { text: { lines: ['a\tb'] } } }],
    [
      'appearance.content.text.lines',
      { at: AT, content: { text: { lines: [{ time: 'iso8601', zone: 'Asia/Ho_Chi_Minh' }] } } },
    ],
    [
      'appearance.content.text.lines',
      { at: AT, content: { text: { lines: [{ certificate: 'organization' }] } } },
    ],
    ['appearance.content.text.size', { at: AT, content: { text: { lines: ['x'], size: 0 } } }],
    [
      'appearance.content.text.colour',
      { at: AT, content: { text: { lines: ['x'], colour: 'blue' } } },
    ],
    [
      'appearance.content.text.align',
      { at: AT, content: { text: { lines: ['x'], align: 'center' } } },
    ],
    [
      'appearance.content.text.font',
      { at: AT, content: { text: { lines: ['x'], font: 'Times' } } },
    ],
  ])('name %s', async (argument, appearance) => {
    const options = { signer, appearance } as Parameters<typeof signPdf>[1]
    await expect(signPdf(tableFile(), options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: expect.objectContaining({ argument }) as unknown,
    })
  })
})
