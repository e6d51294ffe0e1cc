import { execFileSync } from 'node:child_process'

/** Runs a command and gives what it printed; throws when it fails. */
export function run(...[command = '', ...args]: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' })
}

/**
 * A token bucket: `rate` Mbit/s, a few packets at once, and a queue of a fifth of a second, as an access router has.
 */
export function bucket(rate: number): string[] {
  return ['tbf', 'rate', `${Math.round(rate * 1000)}kbit`, 'burst', '16kb', 'latency', '200ms']
}

/**
 * What the network namespaces of this process's bench begin with; those that a killed run left behind are removed.
 * @throws {Error} unless root runs it.
 */
export function namespacePrefix(bench: string): string {
  if (process.getuid?.() !== 0)
    throw new Error(`The bench ${bench} makes network namespaces and shapes links: run it as root.`)
  const prefix = `peerpress-${bench}-`
  for (const line of run('ip', 'netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ')
    if (!name.startsWith(prefix)) continue
    const [pid = ''] = name.slice(prefix.length).split('-')
    if (!isAlive(Number(pid))) run('ip', 'netns', 'delete', name)
  }
  return `${prefix}${process.pid}`
}

/** Has `close` called once, by whatever way this process ends that it can see coming. */
export function closeAtExit(close: () => void): void {
  process.once('exit', close)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
