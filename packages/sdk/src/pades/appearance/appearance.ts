/**
 * What a signature looks like on its page, as plain data: it can be kept as JSON (but for the picture's bytes), sent to a
 * worker, or come from a template.
 * @module
 */

/** A corner of the page as a person sees it. */
export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right'

/** A rectangle on the page as a person sees it: turned by /Rotate, cut by /CropBox. Millimetres. */
export interface Place {
  /** From the corner's side of the page to the same side of the rectangle. */
  readonly x: number
  /** From the corner's edge, top or bottom, to the same edge of the rectangle. */
  readonly y: number
  readonly width: number
  readonly height: number
  /** Where x and y are counted from. Default: top left. */
  readonly from?: Corner | undefined
}

/**
 * How the time of signing is written: `2025-03-12T14:30:05+07:00`, `12/03/2025 14:30:05 +07:00`, `2025-03-12T14:30:05`; and as
 * VGCA Sign Service has it, `2025-03-12T14:30:05.1230000`, of which /M has the whole seconds.
 */
export type TimeFormat = 'iso8601' | 'day-first' | 'without-zone' | 'vgca'

/**
 * A line of text. What only signing knows is filled in then: the time, which is that of /M, and what the signer's
 * certificate says.
 */
export type Line =
  | string
  | {
      readonly time: TimeFormat
      /** Offset from UTC. Default: `+07:00`, Vietnam's. */
      readonly zone?: string | undefined
      readonly before?: string | undefined
    }
  | {
      readonly certificate: 'holder' | 'organization'
      readonly before?: string | undefined
    }

/** Bytes of a TrueType font, or where they come from. */
export type FontSource = Uint8Array | (() => Promise<Uint8Array>)

/** Text, one paragraph a line; what is too long for the rectangle is broken at spaces. */
export interface TextContent {
  readonly lines: readonly Line[]
  /** Points on paper. Default: 10. */
  readonly size?: number | undefined
  /** `#rrggbb`. Default: black. */
  readonly colour?: string | undefined
  /** Default: left. */
  readonly align?: 'left' | 'centre' | 'right' | undefined
  /** Default: middle. */
  readonly verticalAlign?: 'top' | 'middle' | 'bottom' | undefined
  /** Default: a serif with the widths of Times New Roman, with all Vietnamese letters. */
  readonly font?: FontSource | undefined
}

/** What is shown: text, a picture, or both. */
export interface AppearanceContent {
  readonly text?: TextContent | undefined
  /** PNG or JPEG. It keeps its proportions, as large as there is room for, in the middle. */
  readonly image?: Uint8Array | undefined
  /** Where the picture stands beside text. Default: left. */
  readonly layout?: 'above' | 'left' | 'behind' | undefined
  /** A line around the rectangle. */
  readonly frame?: { readonly colour: string; readonly width?: number | undefined } | undefined
  /** Millimetres kept free inside the rectangle. Default: none. */
  readonly padding?: number | undefined
}

/** A visible signature: what, on which page, where. */
export interface Appearance {
  /** 1 is the first. Default: the first. An existing field has its own page. */
  readonly page?: number | 'last' | undefined
  /** Left out for an existing field, which has its own rectangle. */
  readonly at?: Place | undefined
  readonly content: AppearanceContent
}
