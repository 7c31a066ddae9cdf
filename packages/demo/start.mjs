// `npm start`: the bridge with its embedded demo token, and the portal that signs with it.
// `npm start -- --check`: the same without a person, judged by pdfsig and openssl.
const unknown = process.argv.slice(2).filter((argument) => argument !== '--check')
if (unknown.length > 0) {
  console.error(`demo: no such option: ${unknown.join(' ')}`)
  console.error('hint: npm start, or npm start -- --check')
  process.exitCode = 2
} else {
  try {
    await start()
  } catch (error) {
    console.error(`demo: ${error.message}`)
    process.exitCode = 1
  }
}

/** Only the check needs a browser to drive, so only it loads puppeteer. */
async function start() {
  if (process.argv.includes('--check')) await (await import('./src/launch/check.mjs')).check()
  else await (await import('./src/launch/demonstrate.mjs')).demonstrate()
}
