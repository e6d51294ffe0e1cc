/** Why a trial does not begin. */
export type AdviceErrorCode =
  'bad-text' | 'repeated-page' | 'too-few-pages' | 'too-many-pages' | 'unknown-page'

/** The error of a trial that does not begin. Its message is for people. */
export class AdviceError extends Error {
  override readonly name = 'AdviceError'
  readonly code: AdviceErrorCode

  constructor(code: AdviceErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
