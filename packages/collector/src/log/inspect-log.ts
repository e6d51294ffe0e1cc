import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSegment } from './record.ts'
import { segmentName } from './write-ahead-log.ts'

/** The contents of a collector's folder. */
export interface FoundLog {
  /** Number of intact segments that wait for the store. */
  readonly waiting: number
  /** Segments and salts that cannot be read completely. The next start sets the segments aside; salts stay. */
  readonly damaged: readonly string[]
  /** Files that were set aside before. */
  readonly setAside: readonly string[]
}

const setAsideName = /\.(?:damaged|refused|unreadable)$/

/** Inspects the log and the salts of a collector's directory and changes nothing. It may run beside the collector. */
export async function inspectLog(directory: string): Promise<FoundLog> {
  const names = await namesIn(directory)
  const salts = (await namesIn(join(directory, 'salts'))).map((name) => join('salts', name))
  const damaged: string[] = []
  let waiting = 0
  for (const name of [...names.filter((entry) => segmentName.test(entry)), ...salts]) {
    const isSegment = segmentName.test(name)
    if (setAsideName.test(name)) continue
    const isSound = await readFile(join(directory, name)).then(
      (bytes) => !isSegment || decodeSegment(bytes).condition !== 'damaged',
      // A missing segment was inserted into the store meanwhile.
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    )
    if (!isSound) damaged.push(name)
    else if (isSegment) waiting++
  }
  return { waiting, damaged, setAside: [...names, ...salts].filter((name) => setAsideName.test(name)) }
}

async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch((): string[] => [])).toSorted()
}
