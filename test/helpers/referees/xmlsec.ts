/**
 * xmlsec1, of libxml2 and OpenSSL: core validation and the chain. Debian's knows no RSASSA-PSS; it is blind to what XAdES
 * asks.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram, judgeEach, runTool } from './tool.ts'
import type { Referee, SignedFile } from './types.ts'

const DSIG_NODE = 'http://www.w3.org/2000/09/xmldsig#:Signature'
/** Elements whose Id a reference may mean, in any namespace or in their own. */
const WITH_ID = [
  ...['SignedProperties', 'Object', 'SignatureValue', 'DLHDon', 'MCCQT', 'urn:trien:mac-dinh:mục'],
]
const WITH_LOWER_ID = ['http://kekhaithue.gdt.gov.vn/TKhaiThue:HSoKhaiThue']

export const xmlsec: Referee = {
  name: 'xmlsec',
  kinds: ['xades'],
  seesTampering: true,
  doubts: (algorithm) =>
    algorithm.startsWith('PS') && !listTransforms().includes('MGF1')
      ? 'this xmlsec1 lists no RSASSA-PSS among its transforms'
      : undefined,
  missing: () => (findProgram('xmlsec1') ? undefined : 'xmlsec1'),
  judge: (files, caFile) => judgeEach('xmlsec', files, (file) => judgeOne(file, caFile)),
}

/** What references name, where xmlsec1 looks for it. */
function copyData(data: string, folder: string): void {
  if (statSync(data).isDirectory()) cpSync(data, folder, { recursive: true })
  else copyFileSync(data, path.join(folder, 'data.txt'))
}

/** What this very program says that it knows. */
function listTransforms(): string {
  return spawnSync('xmlsec1', ['--list-transforms'], { encoding: 'utf8' }).stdout
}

/** Every signature, outermost and within: xmlsec1 takes one at a time. */
async function judgeOne(file: SignedFile, caFile: string) {
  const text = readFileSync(file.signature, 'utf8')
  const ids = [...text.matchAll(/<(?:ds:)?Signature [^>]*\bId="([^"]+)"/g)].map(([, id]) => id!)
  const findings: string[] = []
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-xmlsec-'))
  try {
    const signature = path.join(folder, 'signature.xml')
    copyFileSync(file.signature, signature)
    if ('data' in file && file.data !== undefined) copyData(file.data, folder)
    for (const id of ids) {
      const { status, stderr } = await runTool('sh', [
        ...['-c', 'cd "$0" && exec xmlsec1 "$@"', folder],
        // Those of Office files name parts that are elsewhere; whoever unpacked them has looked at these.
        ...[
          '--verify',
          '--ignore-manifests',
          '--node-id',
          id,
          '--enabled-key-data',
          'x509',
          '--trusted-pem',
          caFile,
        ],
        ...['--id-attr:Id', DSIG_NODE],
        ...WITH_ID.flatMap((name) => ['--id-attr:Id', name]),
        ...WITH_LOWER_ID.flatMap((name) => ['--id-attr:id', name]),
        signature,
      ])
      findings.push(status === 0 ? 'OK' : `FAIL ${stderr.slice(0, 500)}`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const accepted = ids.length > 0 && findings.every((finding) => finding === 'OK')
  return { accepted, summary: findings.join('; ') || 'no signature' }
}
