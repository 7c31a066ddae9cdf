/**
 * A plain XML signature in one of the forms that authorities ask for.
 * @module
 */
import { parseCertificate } from '../asn1/certificate.ts'
import { UsageError } from '../errors.ts'
import type { AlgorithmName } from '../types.ts'
import { findById, ID_ATTRIBUTES } from '../xml/find-id.ts'
import { malformedXml } from '../xml/malformed.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import type { XmlEdit } from '../xml/insert.ts'
import { encodeDistinguishedName } from './distinguished-name.ts'
import { type ElementChoice, findByPath, findPlace } from './place.ts'
import { type PreparedSignature, prepareSignature } from './prepare.ts'
import { type XmlForm, encodeTimeObject, timeIdOf } from './forms.ts'
import type { SignatureReference } from './signature-text.ts'

/** What it is made of. */
export interface FormInput {
  readonly form: XmlForm
  readonly source: Uint8Array
  /** Instead of the form's own. */
  readonly place?: ElementChoice | undefined
  readonly signatureId: string
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
}

/**
 * Prepares it.
 * @returns with how many of its references, the first ones, are to parts of the document
 * @throws {FormatError} FORMAT_MALFORMED where the file has not the elements that the form names
 * @throws {UsageError} USAGE_UNSUPPORTED_ALGORITHM
 */
export async function prepareForm(
  input: FormInput,
): Promise<PreparedSignature & { readonly place: XmlEdit; readonly signedParts: number }> {
  const { form, source, signatureId: id, algorithm, signingTime } = input
  const certificate = parseCertificate(input.certificate)
  if (!certificate.algorithms.includes(algorithm)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  const { subjectDer, certificateDer } = certificate
  const place = await findPlace(source, input.place ?? form.place)
  const references = await listReferences(source, form)
  const own = form.hasTime ? [{ uri: `#${timeIdOf(id)}`, transforms: [] }] : []
  const prepared = await prepareSignature({
    ...{ source, place, outside: new Map() },
    ownReference: form.hasTime ? references.length : undefined,
    parts: {
      ...{ id, algorithm, prefix: '', c14n: 'c14n-1.0', namesValue: false },
      references: [...references, ...own],
      keyInfo: {
        subjectName: form.hasSubjectName ? encodeDistinguishedName(subjectDer) : undefined,
        certificates: [certificateDer],
      },
      objects: form.hasTime ? [encodeTimeObject(id, signingTime)] : [],
    },
  })
  return { ...prepared, place, signedParts: references.length }
}

async function listReferences(
  source: Uint8Array,
  { signs }: XmlForm,
): Promise<readonly SignatureReference[]> {
  if (signs.length === 0) return [{ uri: '', transforms: ['enveloped'] }]
  const xml = await parseXml(source)
  return signs.map(({ path, transforms }) => ({ uri: `#${getId(xml, path)}`, transforms }))
}

function getId(xml: XmlDocument, path: string): string {
  const element = xml.elements[findByPath(xml.spans, path)]
  const id = ID_ATTRIBUTES.map((name) => element?.getAttribute(name)).find(Boolean)
  // A name that cannot be written as it is in a reference is none that the authorities' files have.
  if (!id || !/^[A-Za-z_][\w.-]*$/.test(id)) throw malformedXml(0, `an Id of ${path}`)
  findById(xml, id)
  return id
}
