/** Why a part of the test bed failed. */
export type TestbedErrorCode =
  'missing-package' | 'not-connected' | 'not-published' | 'not-started' | 'php-failed' | 'wordpress-refused'

/** A failure of the test bed. `message` says what happened and, where a person can fix it, what to do next. */
export class TestbedError extends Error {
  override readonly name = 'TestbedError'
  readonly code: TestbedErrorCode

  constructor(code: TestbedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
