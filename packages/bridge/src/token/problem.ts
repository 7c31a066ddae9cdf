/**
 * Why a PKCS#11 module cannot be used. Told to the person at this machine; a page learns nothing of it.
 * @module
 */

/** One word for each cause, for programs; `ModuleFailure.message` says it to people. */
export type ModuleProblem =
  /** Nothing is at that path, or a link that leads nowhere. */
  | 'missing'
  /** The file may not be read. */
  | 'unreadable'
  /** A folder, device or socket. */
  | 'not-a-file'
  /** Everybody on this machine may change it. */
  | 'unsafe'
  /** No program file at all, or a program that is no library. */
  | 'not-a-library'
  /** It starts as a library, and then is cut off or contradicts itself. */
  | 'damaged'
  /** A library of another operating system. */
  | 'other-system'
  /** A library for another processor, or of the other width. */
  | 'other-architecture'
  /** A library that is no PKCS#11 module. */
  | 'not-a-module'
  /** The system would not load it, mostly for want of another library. */
  | 'not-loaded'
  /** It was loaded and would not start. */
  | 'not-started'

/** A module that cannot be used. The message is one lower-case line that follows "the module". */
export class ModuleFailure extends Error {
  override readonly name = 'ModuleFailure'
  readonly problem: ModuleProblem

  constructor(problem: ModuleProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}

/** The one thing to do about it. */
export const MODULE_REMEDIES: Readonly<Record<ModuleProblem, string>> = {
  missing: 'install the driver again, or take its name out of the settings',
  unreadable: 'let your user read the file, or install the driver again',
  'not-a-file': 'name the module itself',
  unsafe: 'chmod o-w the file, once you are sure nobody has changed it',
  'not-a-library': 'name the PKCS#11 library of the driver, not another file of it',
  damaged: 'install the driver again',
  'other-system': 'install the driver that the vendor makes for this system',
  'other-architecture':
    'install the driver that the vendor makes for this processor (on most computers the 64-bit one)',
  'not-a-module': 'name the PKCS#11 library of the driver, not another file of it',
  'not-loaded': 'install the packages that the driver needs',
  'not-started': 'start the smart card service (pcscd), plug the token in and try again',
}
