import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from './repository.ts'

// TypeScript that was stripped once need not be again: the next start is faster and takes 50 MB less. The folder is the
// project's own, because code is run from it.
enableCompileCache(fileURLToPath(new URL('.cache/compile/', repositoryDirectory)))
const { runCommand } = await import('./run-command.ts')
process.exitCode = await runCommand(process.argv.slice(2))
