import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { eventually } from '../eventually.ts'
import type { ServerProcess } from './server-process.ts'

const preload = fileURLToPath(new URL('collects-on-signal.mjs', import.meta.url))

/**
 * Environment of a server whose memory is measured by `heldMemory`. V8 lets its young generation grow by 100 MiB under load
 * and keeps it; a small one shows what is really held.
 */
export const measuredMemory = {
  NODE_OPTIONS: `--max-semi-space-size=4 --expose-gc --import=${preload}`,
} as const

/** bytes that a server started with `measuredMemory` has resident once its garbage is collected. */
export async function heldMemory(server: ServerProcess): Promise<number> {
  const pid = server.pid()
  if (pid === undefined) throw new Error('the server does not run')
  const collections = () => server.printed().filter((line) => line === 'garbage collected').length
  const before = collections()
  process.kill(pid, 'SIGUSR2')
  await eventually('a collection', async () => (collections() > before ? true : undefined))
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1]) * 1024
}
