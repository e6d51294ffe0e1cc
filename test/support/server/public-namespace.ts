import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** An address of the public network. In the namespace it is on the loopback device. */
const address = '93.184.215.14'
const namespaces = ['--net', '--mount', '--map-root-user']
const script = `ip link set lo up && ip addr add ${address}/32 dev lo && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"`

/** Why no test can use namespaces here; false if it can. */
export const withoutNamespaces: string | false =
  spawnSync('unshare', [...namespaces, 'ip', 'link', 'set', 'lo', 'up']).status === 0
    ? false
    : 'this machine lets no test make a network namespace'

/**
 * Runs a program of this folder in namespaces of its own, with a public address as its argument. Its name server is the
 * program itself. So the address guard of the server is the real one. Returns the JSON of the last line that it printed.
 */
export async function runInPublicNamespace(program: string): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-namespace-'))
  try {
    const resolver = join(directory, 'resolv.conf')
    await writeFile(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
    const main = fileURLToPath(new URL(program, import.meta.url))
    const command = ['sh', '-c', script, 'sh', resolver, process.execPath, main, address]
    const { stdout } = await promisify(execFile)('unshare', [...namespaces, ...command])
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
