/** Why a CMS did not carry out a command. */
export type CmsErrorCode =
  /** It did not answer, or not in time. */
  | 'unreachable'
  /** It answered with something that the plugin does not send. */
  | 'no-plugin'
  /** It has no connection to this server, or is a copy of the connected site. */
  | 'disconnected'
  /** It carries the command out already. */
  | 'in-progress'
  /** It refuses the command. */
  | 'refused'

/** The error of a command that a CMS did not carry out. Its message is for people. */
export class CmsError extends Error {
  override readonly name = 'CmsError'
  readonly code: CmsErrorCode

  constructor(code: CmsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Whether another attempt can succeed without a person doing something. */
  get isPassing(): boolean {
    return this.code === 'unreachable' || this.code === 'in-progress'
  }
}
