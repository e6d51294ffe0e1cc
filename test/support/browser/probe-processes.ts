import { readdirSync, readFileSync } from 'node:fs'
import { eventually } from '../eventually.ts'

/** A process of a probe's browser. */
export interface ProbeProcess {
  readonly pid: number
  readonly user: number
  readonly arguments: readonly string[]
}

/** Returns the running processes of a probe's browser. `group`: the process group, which is the id of its first process. */
export function probeProcesses(group: number): ProbeProcess[] {
  return allProcesses()
    .filter((each) => each.group === group)
    .map(({ pid }) => ({
      pid,
      user: Number(/^Uid:\t(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]),
      arguments: read(`/proc/${pid}/cmdline`).split('\0'),
    }))
}

/** Returns the process id, which is the group's too, of the browser that a process has started for a probe. */
export function probeBrowserOf(parent: number): number {
  const found = allProcesses().find(
    (each) => each.parent === parent && read(`/proc/${each.pid}/cmdline`).includes('--remote-debugging-pipe'),
  )
  if (found === undefined) throw new Error(`process ${parent} runs no probe's browser`)
  return found.pid
}

/** Resolves when no process of the browser runs any more. */
export async function browserIsGone(group: number): Promise<void> {
  await eventually('the end of the browser', async () =>
    probeProcesses(group).length === 0 ? true : undefined,
  )
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, without processes that have ended. */
function allProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const stat = read(`/proc/${pid}/stat`)
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return { pid: Number(pid), state, parent: Number(parent), group: Number(group) }
    })
    .filter(({ state }) => state !== undefined && state !== '' && state !== 'Z')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // The process has ended.
    return ''
  }
}
