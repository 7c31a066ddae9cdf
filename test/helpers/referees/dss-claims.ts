/**
 * What DSS reads of signers' claims, and what it finds wrong by the schema of the format: the ETSI schemas of XAdES and
 * JAdES, the ASN.1 of CAdES.
 * @module
 */
import path from 'node:path'
import { DSS_FOLDER } from './dss.ts'
import { runTool } from './tool.ts'

/** Of one signature. */
export interface DssClaims {
  readonly commitments: readonly string[]
  readonly roles: readonly string[]
  readonly city?: string | null
  readonly province?: string | null
  readonly postalCode?: string | null
  readonly country?: string | null
  readonly address?: readonly string[]
  /** Of a PDF: /Location. */
  readonly location?: string | null
  readonly structure: readonly string[]
}

/** Reads many files in one run: each a signature, and what it is over where that lies beside it. */
export async function readClaims(
  files: readonly { readonly signature: string; readonly data?: string | undefined }[],
): Promise<readonly (readonly DssClaims[])[]> {
  const classpath = [path.join(DSS_FOLDER, 'classes'), path.join(DSS_FOLDER, 'lib', '*')]
  const { status, stdout, stderr } = await runTool(
    'java',
    ['-cp', classpath.join(path.delimiter), 'DssClaims'],
    files.map(({ signature, data }) => `${[signature, data ?? []].flat().join('\t')}\n`).join(''),
  )
  const answers = stdout.split('\n').filter((line) => line.startsWith('{'))
  if (status !== 0 || answers.length !== files.length) {
    throw new Error(
      `dss: ${answers.length} answers to ${files.length} files: ${stderr.slice(-2000)}`,
    )
  }
  return answers.map((line) => (JSON.parse(line) as { signatures: DssClaims[] }).signatures)
}
