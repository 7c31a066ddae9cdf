/**
 * What a visible signature is told of the signing it is for, loaded only where one is asked for.
 * @module
 */
import { preparePaint } from '../pades/appearance/paint.ts'
import type { Paint } from '../pades/field.ts'
import { describeCertificate } from './describe-certificate.ts'

/**
 * Prepares what is to be seen.
 * @param appearance as the caller gave it
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED
 */
export function prepareAppearance(
  appearance: unknown,
  signing: { readonly certificate: Uint8Array; readonly signingTime: Date },
): Promise<Paint> {
  const { holder, organization } = describeCertificate(signing.certificate)
  return preparePaint(appearance, { signingTime: signing.signingTime, holder, organization })
}
