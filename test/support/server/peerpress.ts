import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'

/** How a command ended and what it printed. */
export interface CommandOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `./peerpress` with these words, as a script does: nobody sits at its terminal. */
export function peerpress(...words: readonly string[]): Promise<CommandOutcome> {
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...words], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
    child.stdin?.end()
  })
}
