// The validators that are programs of their own language: built once into out/referees, rebuilt when their source changes.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { PARTS } from './parts.mjs'
import { once, outputOf, root, run } from './run.mjs'

const OUT = 'out/referees'
const BC_SOURCE = 'test/helpers/referees/java/BcCms.java'
const XML_SOURCE = 'test/helpers/referees/java/XmlJudge.java'
const BC_JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`)
const PYTHON_PACKAGES = ['pyhanko', 'certomancer', 'office'].map(
  (name) => `test/conformance/${name}/requirements.txt`,
)
const DSS = 'test/conformance/dss'
const POI = 'test/conformance/poi'
const DIGIDOC = 'test/conformance/digidoc4j'
const VERAPDF = 'test/conformance/verapdf'

const read = (file) => readFileSync(path.join(root, file), 'utf8')

/** Compiles our program around BouncyCastle, whose jars are the system's. */
export function compileBouncyCastle() {
  if (!PARTS.java.found() || !PARTS.bouncycastle.found()) return
  once(`${OUT}/bouncycastle/stamp`, read(BC_SOURCE), () => {
    const classes = path.join(root, OUT, 'bouncycastle')
    mkdirSync(classes, { recursive: true })
    run('javac', ['-cp', BC_JARS.join(path.delimiter), '-d', classes, BC_SOURCE])
  })
}

/** Compiles our program around the JDK's XML Signature. */
export function compileXmlJudge() {
  if (!PARTS.java.found()) return
  once(`${OUT}/jdk-xml/stamp`, read(XML_SOURCE), () => {
    const classes = path.join(root, OUT, 'jdk-xml')
    mkdirSync(classes, { recursive: true })
    run('javac', ['-d', classes, XML_SOURCE])
  })
}

/** Makes a Python environment of what each requirements.txt names: pyHanko, certomancer, and writers of Office files. */
export function makePythonEnvironment() {
  if (!PARTS.python.found()) return
  const python = outputOf('python3', ['--version'])
  once(`${OUT}/python/stamp`, `${python}${PYTHON_PACKAGES.map(read).join('')}`, () => {
    console.error('prepare: installing pyHanko, certomancer and writers of Office files')
    const folder = path.join(root, OUT, 'python')
    rmSync(folder, { recursive: true, force: true })
    run('python3', ['-m', 'venv', folder])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps']
    const packages = PYTHON_PACKAGES.flatMap((file) => ['--requirement', file])
    run(path.join(folder, 'bin', 'python'), [...pip, ...packages])
  })
}

/** Compiles our programs around DSS. */
export const compileDss = () => compileByMaven('DSS', DSS)

/** Compiles our program around Apache POI. */
export const compilePoi = () => compileByMaven('Apache POI', POI)

/** Compiles our program around veraPDF. */
export const compileVeraPdf = () => compileByMaven('veraPDF', VERAPDF)

/** Compiles our program around digidoc4j. */
export const compileDigidoc = () => compileByMaven('digidoc4j', DIGIDOC)

/** Compiles our programs around a library and lays all jars it needs beside it, so that judging needs no network. */
function compileByMaven(name, folder) {
  if (!PARTS.java.found() || !PARTS.maven.found()) return
  const place = `${folder}/src/main/java`
  const sources = readdirSync(path.join(root, place))
    .sort()
    .map((name) => read(`${place}/${name}`))
  const stamp = [read(`${folder}/pom.xml`), ...sources].join('')
  once(`${OUT}/${path.basename(folder)}/stamp`, stamp, () => {
    console.error(`prepare: fetching ${name}`)
    run('mvn', ['--quiet', '--batch-mode', '--file', `${folder}/pom.xml`, 'process-classes'])
  })
}
