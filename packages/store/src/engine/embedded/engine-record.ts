import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EngineArguments } from './protocol.ts'

/** Beside the lock: which process owns the engine of this directory. */
const fileName = 'engine.json'

interface EngineRecord {
  readonly pid: number
  /** The server's. */
  readonly parent: number
  /** When the engine's process began, in ticks since the machine did: process ids are used again. */
  readonly begun: number
}

/** Notes that this process is the engine of a directory, whose lock it has. Only where `/proc` is, on Linux. */
export async function recordEngine(directory: string): Promise<void> {
  const self = await processOf(process.pid)
  if (self === null) return
  const record: EngineRecord = { pid: process.pid, ...self }
  await writeFile(join(directory, fileName), JSON.stringify(record), { mode: 0o600 })
}

/**
 * Kills the engine that was noted last if it has outlived its server: such an engine ends by itself, unless it is stopped
 * or hangs. One that cannot be told for certain is left alone.
 */
export async function killOrphan(directory: string): Promise<void> {
  try {
    const record = JSON.parse(await readFile(join(directory, fileName), 'utf8')) as EngineRecord
    const found = await processOf(record.pid)
    if (found === null || found.begun !== record.begun || found.parent === record.parent) return
    if (record.pid === process.pid || !(await isEngineOf(directory, record.pid))) return
    console.error(`store engine: process ${record.pid} has outlived its server and is killed`)
    process.kill(record.pid, 'SIGKILL')
  } catch {
    // There is no note, or it is not readable, or the process has just ended. If not, the lock tells.
  }
}

async function processOf(pid: number): Promise<Pick<EngineRecord, 'parent' | 'begun'> | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // Its third and later fields follow the program's name, which may hold anything but ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(fields[1]), begun: Number(fields[19]) }
}

async function isEngineOf(directory: string, pid: number): Promise<boolean> {
  const [, ...command] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  const at = command.findIndex((argument) => argument.endsWith('/engine-main.ts'))
  const engineArguments = JSON.parse(command[at + 1] ?? '') as EngineArguments
  const ofEngine = resolve(await readlink(`/proc/${pid}/cwd`), engineArguments.directory)
  return at >= 0 && ofEngine === resolve(directory)
}
