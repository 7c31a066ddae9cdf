// A page that signs a batch, in a process of its own, so that it can be killed.
//   node batch-page.mjs PORT FOLDER COUNT
// Records are kept in FOLDER/records and what is handed over in FOLDER/signed, on the disk before anything goes on; each
// hand-over adds a line to FOLDER/handed. Prints a line for each item that the token has signed, and at the end the report.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { signMany, textStore } from '@trien/sdk/batch'
import { connect } from '@trien/sdk/bridge'
import { WebSocket } from 'ws'

const [port = '', folder = '', count = ''] = process.argv.slice(2)

class PageSocket extends WebSocket {
  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    super(url, protocol, { origin: 'https://portal.gov.test' })
  }
}

for (const name of ['records', 'signed']) mkdirSync(path.join(folder, name), { recursive: true })
const fileOf = (/** @type {string} */ id) => path.join(folder, 'records', id)
const store = textStore(
  {
    getItem: (id) => (existsSync(fileOf(id)) ? readFileSync(fileOf(id), 'utf8') : undefined),
    // Whole or not at all, as localStorage has it: a file that is opened to be written anew is empty for a moment.
    setItem: (id, text) => {
      writeFileSync(path.join(folder, 'record'), text, { flush: true })
      renameSync(path.join(folder, 'record'), fileOf(id))
    },
  },
  'item-',
)
const items = Array.from({ length: Number(count) }, (_, index) => ({
  id: `${index}`,
  format: /** @type {const} */ ('cms'),
  document: async () => new TextEncoder().encode(`văn bản ${index}`),
}))

const page = connect({ ports: [Number(port)], webSocket: PageSocket })
const [certificate] = await page.listCertificates()
const report = await signMany(items, {
  signer: page.signer(certificate),
  store,
  onSigned({ id, signed }) {
    writeFileSync(path.join(folder, 'signed', id), signed)
    appendFileSync(path.join(folder, 'handed'), `${id} ${Buffer.from(signed).toString('base64')}\n`)
  },
  onProgress({ step }) {
    if (step === 'signed') console.log('signed')
  },
})
console.log(JSON.stringify({ done: report.done, failed: report.failed }))
page.close()
