import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSegment } from './record.ts'
import { segmentName } from './write-ahead-log.ts'

/** What is in the folder of a collector. */
export interface FoundLog {
  /** Segments that wait for the store and are whole. */
  readonly waiting: number
  /** Segments, which the next start sets aside, or salts, which stay, that cannot be read in whole or in part. */
  readonly damaged: readonly string[]
  /** What was set aside before. */
  readonly setAside: readonly string[]
}

const setAsideName = /\.(?:damaged|refused|unreadable)$/

/** Looks at the log and the salts of a collector's directory, and changes nothing; may run beside the collector. */
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
      // Gone to the store meanwhile.
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
