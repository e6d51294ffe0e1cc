import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Limits of a browser's processes together. */
export interface BrowserLimits {
  /** Resident bytes, with shared pages counted once for each process. */
  readonly maxMemory: number
  /** Bytes of the profile. */
  readonly maxDisk: number
}

export interface WatchedBrowser {
  /** The process group. */
  readonly group: number
  readonly profile: string
  readonly limits: BrowserLimits
}

/** ms between two measurements. */
const pause = 500

/**
 * Measures a browser twice a second, and calls `onExcess` once with the reason when it uses too much. Memory is measured
 * on Linux only: elsewhere the time limit of the probe has to do.
 */
export function watchResources(
  { group, profile, limits }: WatchedBrowser,
  onExcess: (reason: string) => void,
): { stop(): void } {
  const stopping = new AbortController()
  const { signal } = stopping
  const watch = async () => {
    for (;;) {
      await delay(pause, undefined, { signal })
      const reason = await excess()
      if (reason !== null && !signal.aborted) return onExcess(reason)
    }
  }
  const excess = async () => {
    if ((await memoryOf(group)) > limits.maxMemory) {
      return `The page made the browser use more than ${mebibytes(limits.maxMemory)} of memory.`
    }
    if ((await sizeOf(profile, limits.maxDisk)) > limits.maxDisk) {
      return `The page made the browser store more than ${mebibytes(limits.maxDisk)}.`
    }
    return null
  }
  // Only the stop rejects: processes and files that end while they are measured count as nothing.
  watch().catch(() => {})
  return { stop: () => stopping.abort() }
}

const pageBytes = 4096

/** Returns the resident bytes of all processes of a group: fields 5 and 24 of /proc/PID/stat, see proc_pid_stat(5). */
async function memoryOf(group: number): Promise<number> {
  if (process.platform !== 'linux') return 0
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const sizes = await Promise.all(
    processes.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
      // The name, field 2, may hold spaces and brackets.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return Number(fields[2]) === group ? Number(fields[21]) * pageBytes : 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Returns the bytes in a folder. Stops counting above `enough`. */
async function sizeOf(directory: string, enough: number): Promise<number> {
  let size = 0
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (size > enough) break
    const path = join(directory, entry.name)
    if (entry.isDirectory()) size += await sizeOf(path, enough - size)
    else if (entry.isFile()) size += (await stat(path).catch(() => null))?.size ?? 0
  }
  return size
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
