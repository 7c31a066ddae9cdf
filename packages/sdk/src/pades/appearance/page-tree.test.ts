import { describe, expect, it } from 'vitest'
import { tableFile, type Objects } from '../../../../../test/helpers/pdf-file.ts'
import { readSigned } from '../../../../../test/helpers/read-signed-pdf.ts'
import { asKind } from '../../pdf/objects.ts'
import { getPage } from './page-tree.ts'

describe('the page', () => {
  /** Pages 1 and 2 under one node, 3 and 4 under another, 5 alone; their numbers are /MediaBox's height. */
  const leaf = (parent: number, height: number) =>
    `<< /Type /Page /Parent ${parent} 0 R /MediaBox [0 0 100 ${height}] >>`
  const TREE: Objects = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R 4 0 R 9 0 R] /Count 5 >>',
    3: '<< /Type /Pages /Parent 2 0 R /Kids [5 0 R 6 0 R] /Count 2 >>',
    4: '<< /Type /Pages /Parent 2 0 R /Kids [7 0 R 8 0 R] /Count 2 >>',
    ...{ 5: leaf(3, 1), 6: leaf(3, 2), 7: leaf(4, 3), 8: leaf(4, 4), 9: leaf(2, 5) },
  }
  const heightOf = async (objects: Objects, page: number | 'last') => {
    const { document, catalog } = await readSigned(tableFile(objects))
    const { dict } = await getPage(document, catalog.dict, page, 'appearance.page')
    return asKind(asKind(dict.entries.get('MediaBox'), 'array')!.items[3], 'number')!.value
  }

  it('is found by its number, wherever it hangs', async () => {
    for (const page of [1, 2, 3, 4, 5]) expect(await heightOf(TREE, page)).toBe(page)
    expect(await heightOf(TREE, 'last')).toBe(5)
  })

  it('is found beside branches without a page', async () => {
    const empty = '<< /Type /Pages /Parent 2 0 R /Kids [] /Count 0 >>'
    for (const [kids, heights] of [
      ['10 0 R 4 0 R', [3, 4]],
      ['10 0 R 9 0 R 4 0 R', [5, 3, 4]],
      ['4 0 R 9 0 R 10 0 R', [3, 4, 5]],
    ] as const) {
      const root = `<< /Type /Pages /Kids [${kids}] /Count ${heights.length} >>`
      const found = heights.map((_, at) => heightOf({ ...TREE, 2: root, 10: empty }, at + 1))
      expect(await Promise.all(found)).toEqual(heights)
    }
  })

  it('is refused where there are fewer', async () => {
    await expect(heightOf(TREE, 6)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: {
        argument: 'appearance.page',
        expected: expect.stringContaining('1 to 5') as unknown,
      },
    })
  })

  it.each<[string, Objects]>([
    [
      'has fewer leaves than it says',
      { 4: '<< /Kids [7 0 R] /Count 2 >>', 2: '<< /Kids [3 0 R 4 0 R] /Count 5 >>' },
    ],
    ['runs in a circle', { 2: '<< /Kids [2 0 R] /Count 9 >>' }],
    ['does not count', { 2: '<< /Kids [3 0 R 4 0 R 9 0 R] >>' }],
  ])('is refused where the tree %s', async (_, change) => {
    await expect(heightOf({ ...TREE, ...change }, 5)).rejects.toMatchObject({
      code: 'FORMAT_MALFORMED',
    })
  })
})
