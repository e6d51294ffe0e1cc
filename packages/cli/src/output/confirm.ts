import { createInterface } from 'node:readline/promises'
import { CliError } from '../cli-error.ts'

/**
 * Asks a person at the terminal; resolves when they say yes.
 * @throws {CliError} `usage` when they do not, or when nobody is there to be asked
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CliError('usage', `${question} Nobody can be asked here: say --yes.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('usage', 'Nothing was removed.')
}
