import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EngineArguments } from './protocol.ts'

/** The file beside the lock that names the process of this directory's engine. */
const fileName = 'engine.json'

interface EngineRecord {
  readonly pid: number
  /** Process id of the server. */
  readonly parent: number
  /** Start of the engine's process, in clock ticks since the machine started: process ids are reused. */
  readonly begun: number
}

/** Records this process as the engine of a directory whose lock it holds. Only on Linux, where `/proc` exists. */
export async function recordEngine(directory: string): Promise<void> {
  const self = await processOf(process.pid)
  if (self === null) return
  const record: EngineRecord = { pid: process.pid, ...self }
  await writeFile(join(directory, fileName), JSON.stringify(record), { mode: 0o600 })
}

/**
 * Kills the recorded engine if it has outlived its server. An engine usually ends by itself, unless it is stopped or
 * hangs. A process that cannot be identified with certainty is left alone.
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
    // There is no record, it is unreadable, or the process has just ended. In any other case the lock decides.
  }
}

async function processOf(pid: number): Promise<Pick<EngineRecord, 'parent' | 'begun'> | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // Its third and later fields follow the program's name. The name may contain any character and ends with the last
  // parenthesis.
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
