/**
 * PKCS#11 modules that vendors install, and where. Data only; `known-places.ts` says how it is read.
 *
 * A bare name is looked for in the system's library folders; a path is taken as it stands, with `%NAME%` for the folders
 * that Windows names. On Windows `X_s.dll` is a vendor's CSP and `X.dll` its PKCS#11 module. What stands here need not
 * exist: nothing is loaded before its header has been read.
 *
 * `seen` tells where a name comes from: `portals` in lists that Vietnamese portals and signing tools carry, `vendor` in
 * the vendor's own packages or documents, `unconfirmed` from general knowledge alone.
 * @module
 */

/** One vendor's modules. */
export interface KnownModule {
  readonly vendor: string
  readonly seen: 'portals' | 'vendor' | 'unconfirmed'
  /** Drives cards of many makes; where the vendor's own module has a certificate too, that one is used. */
  readonly isGeneric?: true
  readonly windows?: readonly string[]
  readonly darwin?: readonly string[]
  readonly linux?: readonly string[]
}

export const KNOWN_MODULES: readonly KnownModule[] = [
  {
    vendor: 'VGCA (Bit4id)',
    seen: 'vendor',
    windows: ['bit4xpki.dll'],
    darwin: ['/Library/bit4id/pkcs11/libbit4xpki.dylib'],
    linux: ['libbit4xpki.so'],
  },
  {
    vendor: 'VGCA (SafeNet eToken)',
    seen: 'vendor',
    windows: ['eTPKCS11.dll'],
    darwin: ['/Library/Frameworks/eToken.framework/Versions/Current/libeToken.dylib'],
    linux: ['libeToken.so', 'libeTPkcs11.so'],
  },
  {
    vendor: 'Viettel-CA',
    seen: 'portals',
    windows: [
      'viettel-ca.dll',
      'viettel-ca_v1.dll',
      'viettel-ca_v2.dll',
      'viettel-ca_v3.dll',
      'viettel-ca_v4.dll',
      'viettel-ca_v5.dll',
      'viettel-ca_v6.dll',
    ],
    darwin: ['viettel-ca_v4.dylib', 'viettel-ca_v5.dylib', 'viettel-ca_v6.dylib'],
  },
  {
    vendor: 'VNPT-CA',
    seen: 'portals',
    windows: [
      'vnptca_p11_v6.dll',
      'vnptca_p11_v7.dll',
      'vnptca_p11_v8.dll',
      'vnptca_p11_v9.dll',
      'vnptca_p11_v10.dll',
      'vnpt-ca_cl_v1.dll',
      'vnpt-ca_v4.dll',
      'vnpt-ca_v34.dll',
      'vnpt-ca_csp11.dll',
    ],
  },
  {
    vendor: 'FPT-CA',
    seen: 'portals',
    windows: ['fpt-ca.dll', 'fpt-ca_v4.dll', 'fpt-ca_v5.dll', 'fptca_v3.dll', 'fpt-ca-stx.dll'],
    linux: ['fptca_v4.so'],
  },
  { vendor: 'FastCA', seen: 'portals', windows: ['fca_v1.dll'] },
  {
    vendor: 'BkavCA',
    seen: 'portals',
    windows: ['BkavCA.dll', 'BkavCAv2S.dll', 'bkavcaetoken.dll', 'bkavcsp.dll'],
  },
  {
    vendor: 'CA2 (Nacencomm)',
    seen: 'portals',
    windows: [
      'CA2_csp11.dll',
      'CA2_v34.dll',
      'ncca_csp11_v1.dll',
      'nca_v4.dll',
      'nca_v6.dll',
      'nca_eps2k2a.dll',
      'nca_eps2k3a.dll',
    ],
  },
  { vendor: 'Safe-CA', seen: 'portals', windows: ['Safe-ca_v1.dll', 'Safe-ca_v2.dll'] },
  { vendor: 'EFY-CA', seen: 'portals', windows: ['efy-ca_v1.dll'] },
  {
    vendor: 'VINA-CA (SmartSign)',
    seen: 'portals',
    windows: ['vina-ca_v1.dll', 'vina-ca_v3.dll', 'vina-ca_v5.dll', 'ica_csp11_v1.dll'],
  },
  { vendor: 'NewTel-CA', seen: 'portals', windows: ['newca_v4.dll', 'NEWTEL-CA.dll'] },
  { vendor: 'MISA-CA', seen: 'portals', windows: ['misaca_csp11_v2.dll'] },
  { vendor: 'CK-CA', seen: 'portals', windows: ['CKCA.dll'] },
  {
    vendor: 'Feitian',
    seen: 'portals',
    windows: ['eps2003csp11.dll', 'eps2003csp11v2.dll', 'ShuttleCsp11_3003.dll', 'ngp11v211.dll'],
    linux: ['libcastle.so.1.0.0'],
  },
  {
    vendor: 'WatchData',
    seen: 'portals',
    windows: ['st3csp11.dll', 'wdsafe3.dll', 'WDPKCS.dll'],
  },
  {
    vendor: 'Other tokens sold in Vietnam',
    seen: 'portals',
    windows: ['vdctdcsp11.dll', 'gclib.dll', 'psapkcs.dll', 'ostc1_csp11.dll', 'acospkcs11.dll'],
  },
  { vendor: 'AET SafeSign', seen: 'portals', windows: ['aetpkss1.dll'] },
  {
    vendor: 'Thales IDPrime',
    seen: 'unconfirmed',
    windows: [
      'IDPrimePKCS1164.dll',
      '%ProgramFiles%\\Gemalto\\IDGo 800 PKCS#11\\IDPrimePKCS1164.dll',
    ],
    linux: ['libIDPrimePKCS11.so'],
  },
  {
    vendor: 'YubiKey',
    seen: 'vendor',
    windows: ['%ProgramFiles%\\Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll'],
    darwin: ['libykcs11.dylib'],
    linux: ['libykcs11.so'],
  },
  {
    vendor: 'Athena',
    seen: 'unconfirmed',
    windows: ['asepkcs.dll'],
    linux: ['libASEP11.so'],
  },
  { vendor: 'AKİS', seen: 'unconfirmed', windows: ['akisp11.dll'], linux: ['libakisp11.so'] },
  {
    vendor: 'IDEMIA',
    seen: 'unconfirmed',
    windows: ['OcsCryptoki.dll'],
    linux: ['libIDEMIA_P11.so'],
  },
  {
    vendor: 'OpenSC',
    seen: 'vendor',
    isGeneric: true,
    windows: [
      'opensc-pkcs11.dll',
      '%ProgramFiles%\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll',
    ],
    darwin: ['/Library/OpenSC/lib/opensc-pkcs11.so'],
    linux: ['opensc-pkcs11.so'],
  },
]
