/**
 * Messages as honest pages send them, for the fuzzer to spoil.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { prepareCms } from '@trien/sdk/cms'
import {
  cancel,
  crl,
  crlPart,
  hello,
  issuer,
  listCertificates,
  ocsp,
  changePin,
  sign,
  signDigests,
  timestamp,
  unblock,
} from '@trien/sdk/wire'

/** A message without its id. */
export interface Seed {
  readonly method: string
  readonly params: unknown
}

const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(7)

/** @param mayList with a question that opens a dialog where the origin is a stranger */
export async function createSeeds(
  { id, certificate, algorithms }: BridgeCertificate,
  mayList: boolean,
): Promise<readonly Seed[]> {
  const der = certificate as Uint8Array<ArrayBuffer>
  const certificateId = id as Uint8Array<ArrayBuffer>
  const seed = <Params>(
    type: { readonly method: string; readonly params: { write(value: Params): unknown } },
    params: Params,
  ): Seed => ({ method: type.method, params: type.params.write(params) })
  const greeting = { versions: [1], sdk: 'fuzz' }
  return [
    seed(hello, greeting),
    seed(hello, { ...greeting, challenge: bytes(32) }),
    seed(changePin, { certificate: certificateId, language: 'vi' }),
    seed(unblock, { certificate: certificateId }),
    seed(timestamp, { request: bytes(60), server: 'x' }),
    seed(ocsp, { certificate: der, request: bytes(80), path: [der] }),
    seed(crl, { certificate: der, maxAge: 60 }),
    seed(crlPart, { sha256: bytes(32), offset: 1000 }),
    seed(issuer, { certificate: der }),
    seed(cancel, { request: 1 }),
    ...Array<Seed>(4).fill(await createSignSeed(certificateId, der, algorithms[0]!)),
    seed(signDigests, {
      certificate: certificateId,
      items: [
        {
          id: '0',
          algorithm: 'ES256',
          digest: bytes(32),
          document: { name: 'a', mediaType: 'text/plain', size: 1 },
        },
      ],
    }),
    ...(mayList ? [seed(listCertificates, { language: 'en' })] : []),
  ]
}

async function createSignSeed(
  certificateId: Uint8Array<ArrayBuffer>,
  certificate: Uint8Array,
  algorithm: BridgeCertificate['algorithms'][number],
): Promise<Seed> {
  const prepared = await prepareCms(new TextEncoder().encode('đơn'), {
    certificate,
    algorithm,
    document: { name: 'đơn.txt', mediaType: 'text/plain' },
  })
  const digest = {
    algorithm: `SHA-${algorithm.slice(2)}` as 'SHA-256',
    value: prepared.documentDigest as Uint8Array<ArrayBuffer>,
  }
  const item = {
    id: '0',
    kind: prepared.kind,
    algorithm,
    toBeSigned: prepared.toBeSigned as Uint8Array<ArrayBuffer>,
    document: { ...prepared.document, digest },
  }
  const params = sign.params.write({
    certificate: certificateId,
    items: [item, { ...item, id: '1' }],
  })
  return { method: sign.method, params }
}
