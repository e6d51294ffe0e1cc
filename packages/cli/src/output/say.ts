import { isatty } from 'node:tty'
import picocolors from 'picocolors'

const colors = picocolors.createColors(picocolors.isColorSupported && isatty(2))

/** Messages to the person who runs a command. They go to stderr, so that stdout has results alone. */
export const say = {
  /** A step begins. */
  step(text: string): void {
    process.stderr.write(`${colors.cyan('→')} ${text}\n`)
  },
  /** A step is done. */
  done(text: string): void {
    process.stderr.write(`${colors.green('✓')} ${text}\n`)
  },
  /** Something is wrong, and what to do. */
  problem(text: string): void {
    process.stderr.write(`${colors.red('✗')} ${text}\n`)
  },
}
