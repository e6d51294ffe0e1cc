/** Why a command failed. */
export type CliErrorCode =
  | 'usage'
  | 'missing-package'
  | 'server-unreachable'
  | 'server-refused'
  | 'export-broken'
  | 'backup-broken'
  | 'disk-full'
  | 'not-empty'
  | 'stopped'
  | 'build-failed'
  | 'demo-failed'
  | 'bench-failed'

/** A failure that a person can fix: `message` says what happened and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: CliErrorCode

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
