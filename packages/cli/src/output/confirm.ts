import { createInterface } from 'node:readline/promises'
import { CliError } from '../cli-error.ts'

/**
 * Asks a question at the terminal and resolves when the answer is yes.
 * @throws {CliError} `usage` after another answer, or when there is no terminal
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CliError('usage', `${question} There is no terminal to answer at: use --yes.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('usage', 'Nothing was removed.')
}
