// The system's parts: how each is found, and what the package managers call it. A list inside a list holds
// alternatives, of which the first that the package manager knows is taken. No name: nobody has tried it there.
import { existsSync, readdirSync } from 'node:fs'
import { hasCommand, outputOf, succeeds } from './run.mjs'

/** @type {Record<string, { why: string, found: () => boolean, apt: (string | string[])[], dnf?: string[], pacman?: string[], brew?: string[] }>} */
export const PARTS = {
  compiler: {
    why: 'to build pkcs11js, which speaks to tokens',
    found: () => any('c++', 'g++', 'clang++') && hasCommand('make') && any('python3', 'python'),
    apt: ['build-essential', 'python3'],
    dnf: ['gcc-c++', 'make', 'python3'],
    pacman: ['base-devel', 'python'],
    brew: ['python'],
  },
  git: {
    why: 'names the files that tests of the repository read',
    found: () => hasCommand('git'),
    apt: ['git'],
    dnf: ['git'],
    pacman: ['git'],
    brew: ['git'],
  },
  chromium: {
    why: 'to open the demo in a real browser',
    found: () =>
      any('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ||
      existsSync('/Applications/Google Chrome.app') ||
      existsSync('/Applications/Chromium.app'),
    apt: [['chromium', 'chromium-browser']],
    dnf: ['chromium'],
    pacman: ['chromium'],
    brew: ['chromium'],
  },
  firefox: {
    why: 'a browser of another make, for pages that need wss',
    found: () => process.platform !== 'linux' || any('firefox-esr', 'firefox'),
    apt: [['firefox-esr', 'firefox']],
    dnf: ['firefox'],
    pacman: ['firefox'],
  },
  webkit: {
    why: "Safari's engine, which opens nothing but wss from https, and what drives it",
    found: () => process.platform !== 'linux' || existsSync('/usr/bin/WebKitWebDriver'),
    apt: ['webkit2gtk-driver'],
  },
  poppler: {
    why: 'pdfsig judges signed PDFs',
    found: () => hasCommand('pdfsig'),
    apt: ['poppler-utils'],
    dnf: ['poppler-utils'],
    pacman: ['poppler'],
    brew: ['poppler'],
  },
  openssl: {
    why: 'judges CMS signatures',
    found: () => hasCommand('openssl'),
    apt: ['openssl'],
    dnf: ['openssl'],
    pacman: ['openssl'],
    brew: ['openssl'],
  },
  fonts: {
    why: 'with Vietnamese letters, for what the browser shows',
    found: () =>
      process.platform !== 'linux' || outputOf('fc-list', [':lang=vi', 'family']).trim() !== '',
    apt: ['fontconfig', 'fonts-noto-core'],
    dnf: ['fontconfig', 'google-noto-sans-fonts'],
    pacman: ['fontconfig', 'noto-fonts'],
  },
  softhsm2: {
    why: 'a PKCS#11 token without hardware',
    found: () => hasCommand('softhsm2-util'),
    apt: ['softhsm2'],
    dnf: ['softhsm'],
    pacman: ['softhsm'],
    brew: ['softhsm'],
  },
  opensc: {
    why: 'pkcs11-tool fills the test token',
    found: () => hasCommand('pkcs11-tool'),
    apt: ['opensc'],
    dnf: ['opensc'],
    pacman: ['opensc'],
    brew: ['opensc'],
  },
  'virtual-card': {
    why: "the system's card service, a reader without hardware, and OpenSC's module",
    found: () =>
      process.platform !== 'linux' ||
      (existsSync('/usr/sbin/pcscd') &&
        existsSync('/usr/lib/pcsc/drivers/serial/libifdvpcd.so') &&
        outputOf('sh', ['-c', 'ls /usr/lib/*/opensc-pkcs11.so']).trim() !== ''),
    apt: ['pcscd', 'vsmartcard-vpcd', 'opensc-pkcs11'],
  },
  'nss-tools': {
    why: "NSS's token, as browsers keep certificates in it",
    found: () => hasCommand('certutil') && hasCommand('pk12util') && hasLibrary('libsoftokn3.so'),
    apt: ['libnss3', 'libnss3-tools'],
    dnf: ['nss', 'nss-tools'],
  },
  tpm: {
    why: 'a TPM of software, and the module that makes a token of it',
    found: () =>
      process.platform !== 'linux' ||
      (['swtpm', 'dbus-daemon', 'tpm2_ptool'].every(hasCommand) &&
        existsSync('/usr/sbin/tpm2-abrmd') &&
        ['libtpm2_pkcs11.so.1', 'libtss2-tcti-tabrmd.so.0', 'libtss2-tcti-swtpm.so.0'].every(
          hasLibrary,
        )),
    apt: [
      'swtpm',
      'tpm2-abrmd',
      'libtpm2-pkcs11-1',
      'libtpm2-pkcs11-tools',
      'libtss2-tcti-swtpm0',
      'libtss2-tcti-tabrmd0',
      'dbus-daemon',
    ],
  },
  opencryptoki: {
    why: 'a token that knows few mechanisms and tells all of its PIN',
    found: () =>
      process.platform !== 'linux' ||
      (existsSync('/usr/sbin/pkcsslotd') && hasLibrary('libopencryptoki.so.0')),
    apt: ['opencryptoki', 'util-linux'],
  },
  gnutls: {
    why: 'certtool judges CMS signatures',
    found: () => hasCommand('certtool') && outputOf('certtool', ['--version']).includes('certtool'),
    apt: ['gnutls-bin'],
    dnf: ['gnutls-utils'],
    pacman: ['gnutls'],
    brew: ['gnutls'],
  },
  qpdf: {
    why: 'checks the syntax of PDFs',
    found: () => hasCommand('qpdf'),
    apt: ['qpdf'],
    dnf: ['qpdf'],
    pacman: ['qpdf'],
    brew: ['qpdf'],
  },
  mupdf: {
    why: 'renders PDFs, as an engine of its own beside poppler',
    found: () => hasCommand('mutool'),
    apt: ['mupdf-tools'],
    dnf: ['mupdf'],
    pacman: ['mupdf-tools'],
    brew: ['mupdf-tools'],
  },
  java: {
    why: 'runs BouncyCastle and DSS, which judge signatures',
    // macOS has a javac that only says where to get one.
    found: () => hasCommand('javac') && succeeds('javac', ['-version']),
    apt: ['default-jdk-headless'],
    pacman: ['jdk-openjdk'],
    brew: ['openjdk'],
  },
  bouncycastle: {
    why: 'judges CMS and PDF signatures',
    found: () =>
      ['bcprov', 'bcpkix', 'bcutil'].every((name) => existsSync(`/usr/share/java/${name}.jar`)),
    apt: ['libbcprov-java', 'libbcpkix-java'],
  },
  xmlsec: {
    why: 'canonicalises and signs XML, for what the bridge must read',
    found: () => hasCommand('xmlsec1'),
    apt: ['xmlsec1'],
    dnf: ['xmlsec1', 'xmlsec1-openssl'],
    pacman: ['xmlsec'],
    brew: ['libxmlsec1'],
  },
  jwcrypto: {
    why: 'judges JSON Web Signatures',
    found: () =>
      process.platform !== 'linux' || succeeds('/usr/bin/python3', ['-c', 'import jwcrypto']),
    apt: ['python3-jwcrypto'],
    dnf: ['python3-jwcrypto'],
    pacman: ['python-jwcrypto'],
  },
  xmllint: {
    why: "canonicalises XML, to compare the sdk's own with",
    found: () => hasCommand('xmllint'),
    apt: ['libxml2-utils'],
    dnf: ['libxml2'],
    pacman: ['libxml2'],
    brew: ['libxml2'],
  },
  pinentry: {
    why: 'the prompt that asks the PIN, in a terminal',
    found: () => any('pinentry-curses', 'pinentry-tty'),
    apt: ['pinentry-curses', 'pinentry-tty'],
    dnf: ['pinentry'],
    pacman: ['pinentry'],
    brew: ['pinentry'],
  },
  'pinentry-window': {
    why: 'the prompt that asks the PIN, in a window',
    found: () =>
      process.platform !== 'linux'
        ? any('pinentry-qt', 'pinentry-mac')
        : hasCommand('pinentry-gtk-2') && hasCommand('pinentry-qt') && hasCommand('import'),
    apt: ['pinentry-gtk2', 'pinentry-qt', 'imagemagick'],
    brew: ['pinentry-mac'],
  },
  xvfb: {
    why: 'a display for the window that asks the PIN',
    found: () => process.platform !== 'linux' || (hasCommand('Xvfb') && hasCommand('xdotool')),
    apt: ['xvfb', 'xauth', 'xdotool'],
    dnf: ['xorg-x11-server-Xvfb', 'xorg-x11-xauth', 'xdotool'],
    pacman: ['xorg-server-xvfb', 'xorg-xauth', 'xdotool'],
  },
  'login-session': {
    why: 'systemd and GLib judge what starts the bridge at login',
    found: () =>
      process.platform !== 'linux' || (hasCommand('systemd-analyze') && hasCommand('gio')),
    apt: ['systemd', 'libglib2.0-bin'],
    dnf: ['systemd', 'glib2'],
    pacman: ['systemd', 'glib2'],
  },
  nss: {
    why: "certutil has a browser's database of certificates believe the bridge",
    found: () => process.platform !== 'linux' || existsSync('/usr/bin/certutil'),
    apt: ['libnss3-tools'],
    dnf: ['nss-tools'],
    pacman: ['nss'],
  },
  python: {
    why: 'with venv, for pyHanko, which judges PDF and CMS signatures, and certomancer',
    found: () => succeeds('python3', ['-c', 'import venv, ensurepip']),
    apt: ['python3-venv'],
    dnf: ['python3'],
    pacman: ['python'],
    brew: ['python'],
  },
  libreoffice: {
    why: 'writes Office files, signs them and judges their signatures',
    found: () =>
      process.platform !== 'linux' ||
      (hasCommand('soffice') &&
        ['sw', 'sc', 'sd'].every((name) => hasLibrary(`libreoffice/program/lib${name}lo.so`)) &&
        succeeds('/usr/bin/python3', ['-c', 'import uno'])),
    apt: [
      ['libreoffice-writer-nogui', 'libreoffice-writer'],
      ['libreoffice-calc-nogui', 'libreoffice-calc'],
      ['libreoffice-impress-nogui', 'libreoffice-impress'],
      'python3-uno',
    ],
  },
  maven: {
    why: "fetches DSS, the European Commission's validator",
    found: () => hasCommand('mvn'),
    apt: ['maven'],
    dnf: ['maven'],
    pacman: ['maven'],
    brew: ['maven'],
  },
}

function any(...names) {
  return names.some(hasCommand)
}

/** A library of the system, in the folder of any processor. */
function hasLibrary(name) {
  const folders = ['/usr/lib', '/usr/lib64'].filter((folder) => existsSync(folder))
  return folders
    .flatMap((folder) => [folder, ...readdirSync(folder).map((inner) => `${folder}/${inner}`)])
    .some((folder) => existsSync(`${folder}/${name}`))
}
