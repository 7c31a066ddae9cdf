/**
 * The demo's prompt page: a form without any script.
 * @module
 */
import { createHash } from 'node:crypto'
import type { Language } from '@trien/sdk/errors'
import type { SecretWords, Words } from './face.ts'
import { PHRASES } from './phrases.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText }
main { width: min(38rem, calc(100% - 2rem)); padding: 1.5rem 2rem; box-sizing: border-box;
  border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-top: .4rem solid #a3131b; border-radius: .5rem }
h1 { font-size: 1rem; font-weight: 600; margin: 0 0 1rem; color: #a3131b }
h2 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere }
p { margin: .25rem 0; overflow-wrap: anywhere; white-space: pre-wrap; min-height: .5rem }
.warning { font-weight: 700; color: #a3131b }
.demo { margin-top: 1.25rem; padding-top: .75rem; font-size: .875rem;
  border-top: 1px solid color-mix(in srgb, CanvasText 25%, Canvas) }
label { display: block; margin: 1rem 0 0; font-weight: 600 }
input, button { font: inherit; padding: .6rem 1rem; border-radius: .35rem; border: 1px solid #777; min-height: 2.75rem }
input { display: block; width: 100%; box-sizing: border-box; margin-top: .25rem }
.buttons { display: flex; gap: .75rem; margin-top: 1.25rem }
.accept { background: #a3131b; color: #fff; border-color: #a3131b; font-weight: 600 }
@media (prefers-color-scheme: dark) { h1, .warning { color: #ff9a9e } }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Nothing loads, nothing runs, nobody frames it, and the form goes nowhere else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** A dialog as a form, its one field where a secret is asked. */
export function renderDialog(words: Words | SecretWords): string {
  const asked = 'label' in words ? words : undefined
  const lines = words.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')
  const warnings = [...words.warnings, asked?.notice]
    .filter((text) => text !== undefined)
    .map((text) => `<p class="warning" role="alert">${escapeHtml(text)}</p>`)
    .join('\n')
  const field =
    asked === undefined
      ? ''
      : `<label>${escapeHtml(asked.label)}
<input type="password" name="secret" autocomplete="off" maxlength="64" autofocus></label>`
  return renderPage(
    words.language,
    words.title,
    `<h1>${escapeHtml(words.title)}</h1>
<h2>${escapeHtml(words.heading)}</h2>
${lines}
${warnings}
<form method="post" autocomplete="off">
${field}
<div class="buttons">
<button class="accept" name="decision" value="accept">${escapeHtml(words.accept)}</button>
<button name="decision" value="refuse">${escapeHtml(words.refuse)}</button>
</div>
</form>
${renderDemoNotice()}`,
  )
}

/** What stands there after the answer. */
export function renderAnswered(language: Language): string {
  return renderPage(language, 'Trien', `<p>${escapeHtml(PHRASES[language].answered)}</p>`)
}

/** In both languages, whatever the page's: it is the one thing that everybody must take away. */
function renderDemoNotice(): string {
  const say = (language: Language): string =>
    `<p class="demo" lang="${language}">${escapeHtml(PHRASES[language].demoOnly)}</p>`
  return say('vi') + say('en')
}

function renderPage(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>
${body}
</main></body></html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
