/**
 * The form that paints the signature (ISO 32000-2 §8.10): nothing of the page itself is touched.
 * @module
 */
import { encodeUtf8 } from '../../bytes.ts'
import type { EmbeddedFont } from '../../pdf/font/embed-font.ts'
import { NO_TURN } from '../../pdf/image/image.ts'
import {
  array,
  dict,
  name,
  real,
  type PdfDict,
  type PdfNewStream,
  type PdfRef,
} from '../../pdf/objects.ts'
import type { AppearanceContent } from './appearance.ts'
import { sizeOf, type ContentLayout } from './layout.ts'

/** What the form refers to. */
export interface DrawnParts {
  readonly font: EmbeddedFont | undefined
  readonly picture: { readonly ref: PdfRef; readonly turn: readonly number[] } | undefined
  /** What device colours mean, where the document does not say it. */
  readonly colours: PdfDict | undefined
}

/** The shape of the form, in points. */
export interface FormShape {
  readonly width: number
  readonly height: number
  readonly matrix: readonly number[]
}

/** Draws: the picture, text over it, the frame on top. */
export function drawForm(
  content: AppearanceContent,
  shape: FormShape,
  { picture, lines }: ContentLayout,
  parts: DrawnParts,
): PdfNewStream {
  const { width, height, matrix } = shape
  const drawn: string[] = []
  if (picture !== undefined && parts.picture !== undefined) {
    const { turn } = parts.picture
    drawn.push(`q ${numbers(picture.width, 0, 0, picture.height, picture.x, picture.y)} cm`)
    if (turn !== NO_TURN) drawn.push(`${numbers(...turn)} cm`)
    drawn.push('/Picture Do Q')
  }
  if (parts.font !== undefined && lines.length > 0) {
    const colour = numbers(...channels(content.text?.colour ?? '#000000'))
    drawn.push(`q BT ${colour} rg /Text ${numbers(sizeOf(content))} Tf`)
    for (const { text, x, y } of lines) {
      drawn.push(`1 0 0 1 ${numbers(x, y)} Tm ${parts.font.encode(text)} Tj`)
    }
    drawn.push('ET Q')
  }
  if (content.frame !== undefined) {
    const { colour, width: line = 1 } = content.frame
    // Half of a line lies on either side of its path: inside, none of it is cut.
    const rectangle = numbers(line / 2, line / 2, width - line, height - line)
    drawn.push(`q ${numbers(...channels(colour))} RG ${numbers(line)} w ${rectangle} re S Q`)
  }
  const resources = {
    Font: parts.font && dict({ Text: parts.font.ref }),
    ColorSpace: parts.colours,
    XObject: parts.picture && dict({ Picture: parts.picture.ref }),
  }
  return {
    kind: 'new-stream',
    dict: dict({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: array(...[0, 0, width, height].map((value) => real(value))),
      Matrix: array(...matrix.map((value) => real(value))),
      Resources: dict(resources),
    }),
    data: encodeUtf8(drawn.join('\n')),
  }
}

function numbers(...values: readonly number[]): string {
  return values.map((value) => real(value).spelling).join(' ')
}

/** Red, green and blue of `#rrggbb`, 0 to 1. */
function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
}
