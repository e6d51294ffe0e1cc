import { execFileSync, spawnSync } from 'node:child_process'

/** The process id of the store's engine that has a data directory. */
export function enginePid(dataDirectory: string): number {
  return Number(execFileSync('pgrep', ['-f', `engine-main.ts.*${dataDirectory}/store`], { encoding: 'utf8' }))
}

/** Whether a process is still there, and not only its exit code for a parent that has not asked for it. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
