import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { ModelError } from '../model-error.ts'

/** The version that is installed. Its releases change the arguments of their functions. */
const version = '3.22.1'
/** ms */
const installTimeout = 600_000

/** Installs `node-llama-cpp` for this machine's processor into a folder. @throws {ModelError} `local-model` */
export async function installRuntime(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'package.json'), '{"private":true}\n')
  const build = `${process.platform === 'darwin' ? 'mac' : process.platform === 'win32' ? 'win' : 'linux'}-${process.arch}`
  const name = build === 'mac-arm64' ? 'mac-arm64-metal' : build
  // No scripts: the package would fetch and compile sources. No optional packages: those are builds for graphics cards.
  await run(directory, [
    'install',
    '--ignore-scripts',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `node-llama-cpp@${version}`,
    `@node-llama-cpp/${name}@${version}`,
  ])
}

function run(directory: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...args], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: installTimeout,
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2000)
    })
    const fail = (reason: string) =>
      reject(new ModelError('local-model', `The runtime of local models was not installed: ${reason}`))
    child.on('error', (error) => fail(error.message))
    child.on('close', (code) => (code === 0 ? resolve() : fail(output.trim() || `npm ended with ${code}`)))
  })
}
