import { isatty } from 'node:tty'

const pause = 500

/** Shows progress twice a second, on one line of a terminal; elsewhere nothing. */
export function progressLine<Progress>(text: (progress: Progress) => string): (progress: Progress) => void {
  let shownAt = 0
  return (progress) => {
    if (!isatty(2) || performance.now() - shownAt < pause) return
    shownAt = performance.now()
    process.stderr.write(`\r→ ${text(progress)}\u{1b}[K\r`)
  }
}
