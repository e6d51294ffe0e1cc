import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all it started cost. */
export interface ProcessCost {
  /** User and system time so far, s. */
  readonly cpu: number
  /** Bytes in memory; what processes share is shared out among them. */
  readonly memory: number
}

/** Processor time of the whole machine so far, in the kernel's ticks. */
export interface ProcessorTime {
  readonly busy: number
  readonly all: number
}

/** The kernel's ticks to user space are of 10 ms, whatever its own are. */
const ticksPerSecond = 100

/** Of a process and its descendants. Those that have ended are not counted. */
export function costOfProcesses(root: number): ProcessCost {
  const children = new Map<number, number[]>()
  const times = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A name may have spaces and brackets; what follows the last one has none.
    const [, parent, ...fields] =
      read(`/proc/${name}/stat`)
        ?.replace(/^.*\) /s, '')
        .split(' ') ?? []
    if (parent === undefined) continue
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)])
    times.set(Number(name), Number(fields[9]) + Number(fields[10]))
  }
  let cpu = 0
  let memory = 0
  for (const family = [root]; family.length > 0;) {
    const pid = family.pop() as number
    family.push(...(children.get(pid) ?? []))
    cpu += (times.get(pid) ?? 0) / ticksPerSecond
    const [, kilobytes = 0] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '') ?? []
    memory += Number(kilobytes) * 1024
  }
  return { cpu, memory }
}

/** Of all processors together, whoever uses them. */
export function processorTime(): ProcessorTime {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const ticks = line.split(/\s+/).slice(1, 9).map(Number)
  const [, , , idle = 0, wait = 0] = ticks
  const all = ticks.reduce((sum, value) => sum + value, 0)
  return { busy: all - idle - wait, all }
}

/** undefined when it is gone. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
