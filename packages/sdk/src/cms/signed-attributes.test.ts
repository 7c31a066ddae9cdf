import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { readDer } from '../asn1/reader.ts'
import { encodeHex } from '../bytes.ts'
import type { AlgorithmName } from '../types.ts'
import { encodeSignatureAlgorithm } from './algorithm-identifier.ts'
import { encodeSignedAttributes } from './signed-attributes.ts'

const { certificate: certificateDer } = await makeCertificate('ES256')

function encode(algorithmName: AlgorithmName, signingTime: Date | undefined) {
  const algorithm = getAlgorithm(algorithmName)
  return encodeSignedAttributes({
    algorithm,
    certificate: parseCertificate(certificateDer),
    certificateDigest: new Uint8Array(algorithm.digestBytes).fill(0xcc),
    documentDigest: new Uint8Array(algorithm.digestBytes).fill(0xdd),
    signingTime,
  })
}

const oids = (der: Uint8Array) =>
  readDer(der, 'attributes').children.map((attribute) => attribute.getChild(0, 6).readOid())

describe('signed attributes', () => {
  it('stand in the order of their encodings, not of their OIDs', () => {
    expect(oids(encode('RS256', new Date('2026-11-21')))).toEqual([
      '1.2.840.113549.1.9.3',
      '1.2.840.113549.1.9.5',
      '1.2.840.113549.1.9.4',
      '1.2.840.113549.1.9.16.2.47',
    ])
  })

  it('have no signing-time for PAdES', () => {
    expect(oids(encode('RS256', undefined))).not.toContain('1.2.840.113549.1.9.5')
  })

  it.each([
    ['2049-12-31T23:59:59Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
  ])('say %s in the right type of time', (iso, hex) => {
    expect(encodeHex(encode('RS256', new Date(iso)))).toContain(
      `06092a864886f70d010905${hex.startsWith('17') ? '310f' : '3111'}${hex}`,
    )
  })

  it('leave out the hash of the certificate where it is SHA-256', () => {
    const hash = 'cc'.repeat(32)
    expect(encodeHex(encode('RS256', undefined))).toMatch(
      new RegExp(
        `06 0b 2a864886f70d010910022f 31.{2} 30.{2} 30.{2} 30.{2} 0420${hash}`.replaceAll(' ', ''),
      ),
    )
    expect(encodeHex(encode('RS384', undefined))).toContain(
      `300b0609608648016503040202${'0430'}${'cc'.repeat(48)}`,
    )
  })

  it('name issuer and serial number by the certificate’s own bytes', () => {
    const { issuerDer } = parseCertificate(certificateDer)
    const directoryName = `a4${issuerDer.length.toString(16)}${encodeHex(issuerDer)}`
    expect(encodeHex(encode('ES256', undefined))).toContain(`${directoryName}02021234`)
  })

  it('are the bytes that every implementation would write', () => {
    const issuer = '301c311a301806035504030c114341207468e1bbad206e676869e1bb876d'
    expect(encodeHex(encode('ES256', new Date('2026-11-21T18:23:23Z')))).toBe(
      [
        '3181ca',
        '301806092a864886f70d010903310b06092a864886f70d010701',
        '301c06092a864886f70d010905310f170d3236313132313138323332335a',
        `302f06092a864886f70d01090431220420${'dd'.repeat(32)}`,
        `305f060b2a864886f70d010910022f3150304e304c304a0420${'cc'.repeat(32)}`,
        `30263020a41e${issuer}02021234`,
      ].join(''),
    )
  })
})

describe('signature algorithms', () => {
  it.each([
    ['RS256', '300d06092a864886f70d01010b0500'],
    ['ES384', '300a06082a8648ce3d040303'],
    [
      'PS384',
      '304106092a864886f70d01010a3034a00f300d06096086480165030402020500' +
        'a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130',
    ],
  ] as const)('%s is written with the parameters its standard wants', (name, hex) => {
    expect(encodeHex(encodeSignatureAlgorithm(getAlgorithm(name)))).toBe(hex)
  })
})
