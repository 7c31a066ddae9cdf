// The click path of a person in the portal, by a browser.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

/** Whose name is on the application. */
const APPLICANT = 'Trần Đức Hòa'

/**
 * Signs the sample PDF and `note.txt`, and downloads signed.pdf and note.txt.p7s beside it.
 * @param {import('puppeteer').Browser} browser
 * @param {string} url of the portal
 * @param {string} out folder that holds note.txt; screenshots go to `screens` in it
 */
export async function signInPortal(browser, url, out) {
  const page = await browser.newPage()
  await page.setViewport({ width: 1280, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
  await page.emulateTimezone('Asia/Ho_Chi_Minh')
  await page.goto(url, { waitUntil: 'networkidle0' })
  const downloads = await watchDownloads(page, out)
  const screens = path.join(out, 'screens')
  mkdirSync(screens)
  const show = async (name) => {
    // The sheet of paper follows the scrolling; a picture of the whole page wants it at its place.
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.screenshot({ path: path.join(screens, `${name}.png`), fullPage: true })
  }

  await show('1-document')
  await page.locator('#document-next').click()
  await page.locator(`.card label ::-p-text(${APPLICANT})`).click()
  await show('2-certificate')
  await page.locator('#sign').click()
  await downloads.take('#download', 'signed.pdf')
  await show('3-signed-pdf')

  await page.locator('#again').click()
  const choosing = page.waitForFileChooser()
  await page.locator('#own-pick').click()
  await (await choosing).accept([path.join(out, 'note.txt')])
  await page.locator('#document-next').click()
  await page.locator('#sign').click()
  await downloads.take('#download', 'note.txt.p7s')
  await show('4-signed-text')
  downloads.end()
}

/** Catches what the page offers to keep. */
async function watchDownloads(page, out) {
  const folder = mkdtempSync(path.join(out, 'download-'))
  const session = await page.createCDPSession()
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    eventsEnabled: true,
  })
  return {
    async take(selector, name) {
      const done = new Promise((resolve, reject) => {
        session.on('Browser.downloadProgress', ({ state }) => {
          if (state === 'completed') resolve()
          if (state === 'canceled') reject(new Error(`the download of ${name} was cancelled`))
        })
      })
      await page.locator(selector).click()
      await done
      session.removeAllListeners('Browser.downloadProgress')
      const [file] = readdirSync(folder)
      renameSync(path.join(folder, file), path.join(out, name))
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}
