import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import { repositoryDirectory } from '../repository.ts'
import { say } from '../output/say.ts'

/**
 * Builds the browser code (SDK, visitor, dashboard, the plugin's copies) and what new registries and stores are made from,
 * where their sources changed.
 * @throws {CliError} `build-failed` with the output of the build.
 */
export async function buildBundles(): Promise<void> {
  const turbo = fileURLToPath(new URL('node_modules/.bin/turbo', repositoryDirectory))
  const args = ['run', 'build', '--output-logs=errors-only', '--log-prefix=none']
  const child = spawn(turbo, args, {
    cwd: fileURLToPath(repositoryDirectory),
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => output.push(part))
  child.stderr.on('data', (part: Buffer) => output.push(part))
  say.step('building the browser code (seconds; at once when nothing changed)')
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = 'there are no tools to build with, as in the image for Docker: run this in a checkout'
      reject(cause.code === 'ENOENT' ? new CliError('build-failed', why, { cause }) : cause)
    })
    child.once('close', resolve)
  })
  if (exitCode !== 0) {
    throw new CliError(
      'build-failed',
      `building the browser code failed:\n${Buffer.concat(output).toString()}`,
    )
  }
}
