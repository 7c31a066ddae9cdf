import { deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodePng, type PngInput } from '../../../../../test/helpers/png-file.ts'
import { encodeValue } from '../encode.ts'
import type { PdfNewStream } from '../objects.ts'
import { readImage, readImageHeader } from './read-image.ts'

const dictOf = ({ dict }: PdfNewStream): string => new TextDecoder().decode(encodeValue(dict))
const dataOf = ({ data }: PdfNewStream): number[] => [...inflateSync(data)]
const wrong = (expected: string | RegExp) => ({
  code: 'USAGE_ARGUMENT',
  details: {
    argument: 'appearance.content.image',
    expected: expect.stringMatching(expected) as unknown,
  },
})

/** Two by two pixels, each its own number of samples. */
const small = (
  ...pixels: readonly (readonly number[])[]
): Pick<PngInput, 'width' | 'height' | 'at'> => ({
  width: 2,
  height: 2,
  at: (x, y) => pixels[y * 2 + x]!,
})

describe('a PNG', () => {
  it('without alpha goes in as it is, filters and all', async () => {
    const file = encodePng({ width: 5, height: 7, at: (x, y) => [x, y, x * y] })
    const { image, softMask, width, height } = await readImage(file)
    expect([width, height, softMask]).toEqual([5, 7, undefined])
    expect(dictOf(image)).toContain('/ColorSpace /DeviceRGB /Filter /FlateDecode')
    expect(dictOf(image)).toContain('/Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns 5')
    expect(Buffer.from(file).includes(Buffer.from(image.data.subarray(0, 10)))).toBe(true)
    expect(readImageHeader(file)).toEqual({ kind: 'png', width: 5, height: 7 })
  })

  it('with alpha is parted into colours and a soft mask', async () => {
    const pixels = [
      [1, 2, 3, 0],
      [4, 5, 6, 255],
      [7, 8, 9, 128],
      [10, 11, 12, 1],
    ]
    const { image, softMask } = await readImage(encodePng({ ...small(...pixels), colourType: 6 }))
    expect(dataOf(image)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(dataOf(softMask!)).toEqual([0, 255, 128, 1])
    expect(dictOf(softMask!)).toContain('/ColorSpace /DeviceGray')
  })

  it('of 16 bits keeps them, in the mask too', async () => {
    const pixels = [
      [0x1234, 0xffff],
      [1, 0],
      [2, 0xff00],
      [3, 7],
    ]
    const png = encodePng({ ...small(...pixels), colourType: 4, bitDepth: 16 })
    const { image, softMask, bitsPerComponent, colours } = await readImage(png)
    expect([bitsPerComponent, colours]).toEqual([16, 1])
    expect(dataOf(image)).toEqual([0x12, 0x34, 0, 1, 0, 2, 0, 3])
    expect(dataOf(softMask!)).toEqual([0xff, 0xff, 0, 0, 0xff, 0, 0, 7])
  })

  it('whose alpha is full everywhere has no mask', async () => {
    const pixels = [
      [1, 255],
      [2, 255],
      [3, 255],
      [4, 255],
    ]
    const { softMask } = await readImage(encodePng({ ...small(...pixels), colourType: 4 }))
    expect(softMask).toBeUndefined()
  })

  it('of a palette keeps it; what the palette says of alpha becomes a mask', async () => {
    const png = {
      ...{ ...small([0], [1], [2], [1]), colourType: 3, bitDepth: 2 },
      palette: [255, 0, 0, 0, 255, 0, 0, 0, 255],
    }
    const plain = await readImage(encodePng(png))
    expect(dictOf(plain.image)).toContain('[/Indexed /DeviceRGB 2 <ff000000ff000000ff>]')
    expect(plain.softMask).toBeUndefined()
    const clear = await readImage(encodePng({ ...png, transparency: [0, 128] }))
    expect(dataOf(clear.softMask!)).toEqual([0, 128, 255, 128])
  })

  it('with one transparent colour names it', async () => {
    const grey = { ...small([0], [5], [7], [5]), colourType: 0, transparency: [0, 5] }
    expect(dictOf((await readImage(encodePng(grey))).image)).toContain('/Mask [5 5]')
    const rgb = {
      ...small([0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 9, 9]),
      transparency: [0, 3, 0, 4, 0, 5],
    }
    expect(dictOf((await readImage(encodePng(rgb))).image)).toContain('/Mask [3 3 4 4 5 5]')
  })

  it.each<[string, Partial<PngInput>, string]>([
    ['interlaced', { interlace: 1 }, 'not interlaced'],
    ['of an unknown colour type', { colourType: 5 }, 'not damaged'],
    ['of a depth that its type has not', { bitDepth: 4 }, 'not damaged'],
    ['without its palette', { colourType: 3 }, 'not damaged'],
    ['wider than any page', { width: 10_001, height: 1 }, '10000 pixels'],
  ])('is refused when %s', async (_, change, expected) => {
    const png = encodePng({ width: 2, height: 2, at: () => [1, 2, 3], ...change })
    await expect(readImage(png)).rejects.toMatchObject(wrong(expected))
  })

  it('is refused when cut short anywhere, or when its rows are', async () => {
    const png = encodePng({ width: 9, height: 9, at: (x, y) => [x, y, 0] })
    for (let length = 0; length < png.length; length++) {
      await expect(readImage(png.slice(0, length))).rejects.toMatchObject(wrong(/./))
    }
    const large = encodePng({ width: 9, height: 9, at: () => [0, 0, 0] })
    const view = new DataView(large.buffer)
    view.setUint32(20, 10)
    await expect(readImage(large)).rejects.toMatchObject(wrong('not damaged'))
  })

  it('is refused when it says that it is larger than memory', async () => {
    const png = encodePng({ width: 1, height: 1, at: () => [0, 0, 0] })
    const view = new DataView(png.buffer)
    view.setUint32(16, 10_000)
    view.setUint32(20, 10_000)
    await expect(readImage(png)).rejects.toMatchObject(wrong('bytes of pixels'))
  })

  it('is refused when it inflates to more than it says', async () => {
    const bomb = deflateSync(Buffer.alloc(70 << 20))
    const png = encodePng({ width: 1, height: 1, at: () => [0, 0, 0] })
    const at = Buffer.from(png).indexOf('IDAT') - 4
    const chunk = Buffer.alloc(bomb.length + 12)
    chunk.writeUInt32BE(bomb.length, 0)
    chunk.set(Buffer.from('IDAT'), 4)
    chunk.set(bomb, 8)
    const end = Buffer.from(png).subarray(-12)
    const all = new Uint8Array(Buffer.concat([png.subarray(0, at), chunk, end]))
    await expect(readImage(all)).rejects.toMatchObject(wrong('not damaged'))
  })
})

/** The markers of a JPEG, without a picture. */
function jpeg(...segments: readonly (readonly [number, readonly number[]])[]): Uint8Array {
  const parts = segments.flatMap(([marker, data]) => [0xff, marker, 0, data.length + 2, ...data])
  return Uint8Array.from([0xff, 0xd8, ...parts, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])
}
const frame = (components: number, bits = 8) => [0xc0, [bits, 0, 20, 0, 30, components]] as const
const text = (word: string) => [...word].map((each) => each.charCodeAt(0))
const exif = (orientation: number) =>
  [
    0xe1,
    [...text('Exif\0\0MM\0*'), 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
  ] as const

describe('a JPEG', () => {
  it('goes in as it is', async () => {
    const file = jpeg([0xe0, text('JFIF\0')], frame(3))
    const { image, width, height, colours } = await readImage(file)
    expect([width, height, colours]).toEqual([30, 20, 3])
    expect(image.data).toBe(file)
    expect(dictOf(image)).toContain('/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode')
  })

  it.each([
    ['CMYK', [frame(4)], '/ColorSpace /DeviceCMYK', false],
    [
      'CMYK by Adobe',
      [[0xee, text('Adobe')] as const, frame(4)],
      '/Decode [1 0 1 0 1 0 1 0]',
      true,
    ],
    ['grey', [frame(1)], '/ColorSpace /DeviceGray', false],
    ['RGB by Adobe', [[0xee, text('Adobe')] as const, frame(3)], '/ColorSpace /DeviceRGB', false],
  ])('of %s says so', async (_, segments, words, isInverted) => {
    const { image } = await readImage(jpeg(...segments))
    expect(dictOf(image)).toContain(words)
    expect(dictOf(image).includes('/Decode')).toBe(isInverted)
  })

  it('on its side is as wide as it is seen', () => {
    expect(readImageHeader(jpeg(exif(6), frame(3)))).toEqual({
      kind: 'jpeg',
      width: 20,
      height: 30,
    })
    expect(readImageHeader(jpeg(exif(3), frame(3)))).toEqual({
      kind: 'jpeg',
      width: 30,
      height: 20,
    })
    expect(readImageHeader(jpeg(exif(9), frame(3)))).toEqual({
      kind: 'jpeg',
      width: 30,
      height: 20,
    })
  })

  it.each<[string, Uint8Array, string]>([
    ['without a frame', jpeg([0xe0, text('JFIF\0')]), 'not damaged'],
    ['lossless', jpeg([0xc3, [8, 0, 20, 0, 30, 3]]), 'usual kind'],
    ['of 12 bits', jpeg(frame(3, 12)), '8 bits'],
    ['of two components', jpeg(frame(2)), '8 bits'],
    ['cut short', jpeg(frame(3)).slice(0, -1), 'not damaged'],
    ['with a segment beyond its end', jpeg([0xe1, text('Exif\0\0MM\0*')], frame(3)), 'not damaged'],
    ['of nothing', Uint8Array.of(0xff, 0xd8, 0xff), 'not damaged'],
    ['a GIF', Uint8Array.from(text('GIF89a')), 'a PNG or JPEG'],
    ['too large', new Uint8Array((8 << 20) + 1), 'at most'],
    ['text', 'PNG' as unknown as Uint8Array, 'as bytes'],
  ])('or another picture is refused when it is %s', async (_, file, expected) => {
    await expect(readImage(file)).rejects.toMatchObject(wrong(expected))
  })
})
