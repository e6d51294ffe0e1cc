import { spawn } from 'node:child_process'
import { copyFile, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import { repositoryDirectory } from '../repository.ts'
import { say } from '../output/say.ts'

const directory = new URL('bench/rivals/', repositoryDirectory)
const lockfile = new URL('package-lock.json', directory)
const installed = new URL('node_modules/.peerpress-lock.json', directory)

/**
 * Installs the libraries that the benches compare PeerPress with, when their lockfile changed. No install script runs,
 * because some of them fetch binaries that no bench needs.
 * @throws {CliError} `missing-package` when npm fails.
 */
export async function installRivals(): Promise<void> {
  const [wanted, present] = await Promise.all([
    readFile(lockfile, 'utf8'),
    readFile(installed, 'utf8').catch(() => null),
  ])
  if (wanted === present) return
  say.step('installing the rivals of the benches (half a minute, once)')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const child = spawn('npm', args, { cwd: fileURLToPath(directory), stdio: ['ignore', 'ignore', 'inherit'] })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (exitCode !== 0)
    throw new CliError('missing-package', 'npm ci in bench/rivals failed; the lines above say why.')
  await copyFile(lockfile, installed)
}
