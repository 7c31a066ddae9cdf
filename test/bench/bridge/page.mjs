// A page with the sdk as it is packed, in a process of its own as a browser's is.
//   node page.mjs PORT RS256|ES256
// {do: "prepare", count}  connects, lists and prepares documents; prints how many
// {do: "sign"}            signs them in one message; prints {wholeMs, signingMs}
// {do: "all", batches}    the same from a new connection to finished CMS containers; prints {wholeMs}
// {do: "pdfs", count}     signs so many small PDFs by signMany; prints {wholeMs}
import { signMany } from '@trien/sdk/batch'
import { connect } from '@trien/sdk/bridge'
import { completeCms, prepareCms } from '@trien/sdk/cms'
import { WebSocket } from 'ws'
import { makeSmallPdf } from '../inputs.mjs'
import { answerLines } from './lines.mjs'

const [port = '', algorithm = ''] = process.argv.slice(2)
const content = new TextEncoder().encode('Bảng kê chứng từ')

class PageSocket extends WebSocket {
  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    super(url, protocol, { origin: 'https://portal.gov.test' })
  }
}

/** @param {number} count */
async function openPage(count) {
  const page = connect({ ports: [Number(port)], webSocket: PageSocket })
  const listed = await page.listCertificates()
  const certificate = listed.find(({ algorithms }) => algorithms.includes(algorithm))
  const options = { certificate: certificate.certificate, algorithm }
  const items = await Promise.all(Array.from({ length: count }, () => prepareCms(content, options)))
  return { page, signer: page.signer(certificate), items }
}

let open

const DEEDS = {
  async prepare({ count }) {
    open = await openPage(count)
    return open.items.length
  },
  async sign() {
    const { signer, items } = open
    const begun = performance.now()
    let first = 0
    await signer.sign(items, { onSigned: () => void (first ||= performance.now()) })
    const ended = performance.now()
    // From the first signature's arrival to the answer: what of it is neither dialog nor login.
    const signingMs = (ended - first) * (items.length / (items.length - 1))
    return { wholeMs: ended - begun, signingMs }
  },
  async all({ batches }) {
    const count = open.items.length
    const begun = performance.now()
    const { page, signer, items } = await openPage(count * batches)
    for (let start = 0; start < items.length; start += count) {
      const batch = items.slice(start, start + count)
      const values = await signer.sign(batch)
      await Promise.all(batch.map((item, index) => completeCms(item, values[index])))
    }
    const wholeMs = performance.now() - begun
    page.close()
    return { wholeMs }
  },
  async pdfs({ count }) {
    const document = makeSmallPdf()
    const items = Array.from({ length: count }, (_, at) => ({
      ...{ id: String(at), format: 'pdf', document },
    }))
    const begun = performance.now()
    const { done } = await signMany(items, { signer: open.signer, onSigned: () => {} })
    if (done !== count) throw new Error(`bench: ${done} of ${count} were signed`)
    return { wholeMs: performance.now() - begun }
  },
}

await answerLines((question) => DEEDS[question.do](question))
open?.page.close()
