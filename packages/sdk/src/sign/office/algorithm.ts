/**
 * Which algorithms Word and what goes with it read: those of XML Signature 1.0 and ECDSA, no RSASSA-PSS ([MS-OFFCRYPTO] §2.5.2).
 * @module
 */
import type { AlgorithmName } from '../../types.ts'

export const isReadable = (algorithm: AlgorithmName): boolean => !algorithm.startsWith('PS')
