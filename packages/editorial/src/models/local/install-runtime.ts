import { spawn } from 'node:child_process'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { ModelError } from '../model-error.ts'
import { npmProblem } from './npm-problem.ts'

/** The version that is installed. Its releases change the arguments of their functions. */
const version = '3.22.1'
/** ms */
const installTimeout = 600_000

/**
 * Installs `node-llama-cpp` for this machine's processor into a folder. The folder appears when everything is there, so that an
 * installation that was cut off does not count as one.
 * @throws {ModelError} `local-model`, `disk-full`
 */
export async function installRuntime(directory: string, signal: AbortSignal): Promise<void> {
  const partial = `${directory}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await writeFile(`${partial}/package.json`, '{"private":true}\n')
  const build = `${process.platform === 'darwin' ? 'mac' : process.platform === 'win32' ? 'win' : 'linux'}-${process.arch}`
  const name = build === 'mac-arm64' ? 'mac-arm64-metal' : build
  try {
    // No scripts: the package would fetch and compile sources. No optional packages: those are builds for graphics cards.
    await run(
      partial,
      [
        'install',
        '--ignore-scripts',
        '--omit=optional',
        '--no-audit',
        '--no-fund',
        '--save-exact',
        `node-llama-cpp@${version}`,
        `@node-llama-cpp/${name}@${version}`,
      ],
      signal,
    )
    await rm(directory, { recursive: true, force: true })
    await rename(partial, directory)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

function run(directory: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...args], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: installTimeout,
      // At a milder signal npm waits for its downloads, and what it leaves is removed here.
      killSignal: 'SIGKILL',
      shell: process.platform === 'win32',
      signal,
    })
    let output = ''
    let failure: Error | null = null
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
    child.on('error', (error) => {
      failure = error
    })
    child.on('close', (code, killed) => {
      if (signal.aborted) reject(signal.reason as Error)
      else if (code === 0) resolve()
      else reject(failureOf({ output, failure, isLate: killed !== null }))
    })
  })
}

interface NpmEnd {
  /** The end of what npm printed. */
  readonly output: string
  /** Why npm could not be started; null if it was. */
  readonly failure: Error | null
  readonly isLate: boolean
}

function failureOf({ output, failure, isLate }: NpmEnd): ModelError {
  const { code, message } = npmProblem(output, failure)
  const reason = isLate
    ? `npm took longer than ${installTimeout / 60_000} minutes. Check the connection of this server, and install it again.`
    : message
  return new ModelError(
    code === 'ENOSPC' ? 'disk-full' : 'local-model',
    `The runtime of local models was not installed: ${reason}`,
    { cause: failure ?? new Error(output.trim()) },
  )
}
