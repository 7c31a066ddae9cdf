/** The person at the command line must act: what went wrong, in lower case, and the one thing to do. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
