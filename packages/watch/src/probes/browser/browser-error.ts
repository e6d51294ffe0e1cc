/** Why a browser probe has no result. This says nothing about the site. Codes are stable. */
export type BrowserErrorCode =
  /** Chromium cannot run here: it is missing, or it has no sandbox. */
  | 'unavailable'
  /** Chromium ended, or did not respond. */
  | 'browser-ended'
  /** Chromium used more memory or disk than a probe may. */
  | 'too-large'

/** The browser failed, not the site. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError'
  readonly code: BrowserErrorCode

  constructor(code: BrowserErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
