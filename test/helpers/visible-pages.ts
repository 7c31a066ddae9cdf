/** Pages as odd as they occur, each with its size as a person sees it. */
import { ONE_PAGE, tableFile } from './pdf-file.ts'

/** A file of one page. */
export interface OddPage {
  readonly name: string
  readonly file: Uint8Array<ArrayBuffer>
  /** As seen, in points on paper. */
  readonly width: number
  readonly height: number
}

/** What a page may say of its boxes: its entries, those of its parent, and what is seen of it before it is turned. */
const BOXES: readonly [
  name: string,
  page: string,
  parent: string,
  width: number,
  height: number,
][] = [
  ['A4', '/MediaBox [0 0 595 842]', '', 595, 842],
  ['an origin elsewhere', '/MediaBox [-100 50 495 892]', '', 595, 842],
  ['corners the other way round', '/MediaBox [595 842 0 0]', '', 595, 842],
  ['cropped', '/MediaBox [0 0 595 842] /CropBox [40 60 540 800]', '', 500, 740],
  ['cropped beyond the sheet', '/MediaBox [0 0 500 700] /CropBox [-50 -50 600 900]', '', 500, 700],
  ['boxes of the parent', '', '/MediaBox [0 0 612 792] /CropBox [0 0 600 780]', 600, 780],
  ['units of two points', '/MediaBox [0 0 300 420] /UserUnit 2', '', 600, 840],
]

/** Every box by every turn; each third turn is the parent's. */
export function listOddPages(): OddPage[] {
  return BOXES.flatMap(([name, page, parent, width, height]) =>
    [0, 90, 180, 270, -90].map((turn, index) => {
      const isInherited = index === 2
      const rotate = turn === 0 ? '' : `/Rotate ${turn}`
      const file = tableFile({
        ...ONE_PAGE,
        2: `<< /Type /Pages /Kids [3 0 R] /Count 1 ${parent} ${isInherited ? rotate : ''} >>`,
        3: `<< /Type /Page /Parent 2 0 R ${page} ${isInherited ? '' : rotate} >>`,
      })
      const seen = turn % 180 === 0 ? { width, height } : { width: height, height: width }
      return { name: `${name}, turned by ${turn}`, file, ...seen }
    }),
  )
}
