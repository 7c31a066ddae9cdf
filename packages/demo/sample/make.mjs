// Prints application.html to application.pdf and draws its preview, and paints signature.svg on nothing:
// `node packages/demo/sample/make.mjs`.
// Run by hand when the form changes; the results are committed. Needs Chromium and pdftoppm.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { launchChromium } from '../src/launch/chromium.mjs'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))

const browser = await launchChromium()
try {
  const page = await browser.newPage()
  await page.goto(new URL('application.html', import.meta.url).href)
  await page.pdf({ path: file('application.pdf'), preferCSSPageSize: true, tagged: true })
  await page.setViewport({ width: 512, height: 212 })
  await page.goto(new URL('signature.svg', import.meta.url).href)
  await page.screenshot({ path: file('signature.png'), omitBackground: true })
} finally {
  await browser.close()
}
execFileSync('pdftoppm', [
  ...['-png', '-gray', '-singlefile', '-scale-to-x', '620', '-scale-to-y', '-1'],
  ...[file('application.pdf'), file('application-preview')],
])
