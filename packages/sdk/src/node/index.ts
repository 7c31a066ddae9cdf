/**
 * What only Node can: files.
 * @module
 */
export { signPdfFile } from './sign-pdf-file.ts'
