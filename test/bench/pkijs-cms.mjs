// A CMS by pkijs: the least that is one, without the signing certificate that CAdES wants.
import { webcrypto } from 'node:crypto'
import { importPeer } from './peers.mjs'

/**
 * Makes what encodes a detached CMS over a SHA-256 digest.
 * @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity
 */
export async function cmsEncoder({ privateKey, certificate }) {
  const pkijs = await importPeer('pkijs')
  const asn1js = await importPeer('asn1js')
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }))
  const parsed = pkijs.Certificate.fromBER(certificate)
  const attribute = (/** @type {string} */ type, /** @type {unknown} */ value) =>
    new pkijs.Attribute({ type, values: [value] })
  return async (/** @type {Buffer} */ digest) => {
    const info = new pkijs.SignerInfo({
      version: 1,
      sid: new pkijs.IssuerAndSerialNumber({
        issuer: parsed.issuer,
        serialNumber: parsed.serialNumber,
      }),
      signedAttrs: new pkijs.SignedAndUnsignedAttributes({
        type: 0,
        attributes: [
          attribute(
            '1.2.840.113549.1.9.3',
            new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.7.1' }),
          ),
          attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: digest })),
        ],
      }),
    })
    const signed = new pkijs.SignedData({
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: '1.2.840.113549.1.7.1' }),
      signerInfos: [info],
      certificates: [parsed],
    })
    await signed.sign(privateKey, 0, 'SHA-256')
    const content = new pkijs.ContentInfo({
      contentType: '1.2.840.113549.1.7.2',
      content: signed.toSchema(true),
    })
    return Buffer.from(content.toSchema().toBER())
  }
}
