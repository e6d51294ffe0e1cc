import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StoreError } from '../../store-error.ts'

/** Something that is wrong with the files of an embedded engine's directory. */
export interface StoreDamage {
  /** The file or folder at fault. */
  readonly path: string
  /** What is wrong with it, without its path; a clause such as "is missing". */
  readonly problem: string
  readonly table: string
  /** Rows that no report counts because of it; null when that is unknown. */
  readonly rows: number | null
  /** The engine does not open, or would start empty or change data, so the store is not opened at all. */
  readonly isFatal: boolean
}

/** Small tables that rule what happens to the others; to open a store without their rows could delete or repeat data. */
const rulingTables: ReadonlySet<string> = new Set(['migrations', 'removals', 'retention'])

/** How the engine names a part in `detached/` that it found damaged. */
const brokenPart = /^broken/

/**
 * Looks at an embedded engine's files and changes nothing; needs no engine, and may run beside one. Finds tables whose
 * files are gone or unreadable, and parts that the engine has put aside as damaged: it starts without them and says nothing.
 */
export async function findStoreDamage(directory: string): Promise<StoreDamage[]> {
  const definitions = join(directory, 'metadata', 'default')
  const defined = (await namesIn(definitions)).filter((name) => name.endsWith('.sql'))
  const withData = await namesIn(join(directory, 'data', 'default'))
  // The engine was cut off while it dropped one of these, and goes on with that when it opens.
  const dropped = (await namesIn(join(directory, 'metadata_dropped'))).map((name) => name.split('.')[1])
  const tables = new Set([
    ...defined.map((name) => basename(name, '.sql')),
    ...withData.filter((name) => !dropped.includes(name)),
  ])
  const found = await Promise.all(
    [...tables].toSorted().map((table) => tableDamage(directory, table, join(definitions, `${table}.sql`))),
  )
  return found.flat()
}

/**
 * Refuses a directory whose damage is fatal.
 * @throws {StoreError} `damaged`, naming the first file at fault
 */
export async function refuseDamaged(directory: string): Promise<void> {
  const damage = (await findStoreDamage(directory)).find(({ isFatal }) => isFatal)
  if (damage === undefined) return
  throw new StoreError(
    'damaged',
    `the measurements are damaged: ${damage.path} ${damage.problem}. Nothing was deleted. Restore a backup into an empty folder with ./peerpress restore`,
  )
}

/** Files that the engine reads of every part when it opens, and how each begins. */
const partFiles: Readonly<Record<string, RegExp>> = {
  'checksums.txt': /^checksums format version: \d+\n/,
  'columns.txt': /^columns format version: \d+\n/,
  'count.txt': /^\d{1,15}$/,
}
/** Bytes of these that are looked at. */
const beginning = 64
/** A part that is in use: `partition_first_last_level`, with a version after a mutation. A killed engine leaves `tmp_…`. */
const partName = /^(?!tmp|delete_tmp)[\w-]+_\d+_\d+_\d+(?:_\d+)?$/

/**
 * Looks for parts that the engine would put aside as damaged the next time it opens, because a small file of theirs is
 * missing, empty or garbage. Changes nothing. Only for a directory without an engine: one that runs removes parts.
 */
export async function findBrokenParts(directory: string): Promise<StoreDamage[]> {
  const definitions = join(directory, 'metadata', 'default')
  const found: StoreDamage[] = []
  for (const name of (await namesIn(definitions)).filter((each) => each.endsWith('.sql')).toSorted()) {
    const folder = folderOf(directory, await textOf(join(definitions, name)))
    if (folder === null) continue
    for (const part of (await namesIn(folder)).filter((each) => partName.test(each)).toSorted())
      found.push(...(await brokenFiles(join(folder, part), basename(name, '.sql'))))
  }
  return found
}

/** The first file of a part that is no good, if there is one. */
async function brokenFiles(part: string, table: string): Promise<StoreDamage[]> {
  for (const [name, pattern] of Object.entries(partFiles)) {
    const path = join(part, name)
    const text = await beginningOf(path)
    if (text !== null && pattern.test(text)) continue
    const what = text === null ? 'is missing or cannot be read' : text === '' ? 'is empty' : 'is damaged'
    const problem = `${what}: the engine may leave out this part of the table ${table}`
    return [{ path, problem, table, rows: await rowsOf(part), isFatal: rulingTables.has(table) }]
  }
  return []
}

async function beginningOf(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return null
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginning), 0, beginning, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } catch {
    return null
  } finally {
    await file.close()
  }
}

/** Whether a directory holds an engine's files, in whatever condition. */
export async function hasStoreFiles(directory: string): Promise<boolean> {
  const names = await Promise.all(['metadata', 'store'].map((name) => namesIn(join(directory, name))))
  return names.some((entries) => entries.length > 0)
}

async function tableDamage(directory: string, table: string, definitionPath: string): Promise<StoreDamage[]> {
  const fatal = (path: string, problem: string) => [{ path, problem, table, rows: null, isFatal: true }]
  const definition = await textOf(definitionPath)
  if (definition === null) return fatal(definitionPath, 'is missing or cannot be read')
  const id = idIn(definition)
  if (id === null) return fatal(definitionPath, 'is damaged')
  const folder = folderOf(directory, definition)
  if (folder === null) return []
  const names = await namesIn(folder)
  if (names.length === 0) return fatal(folder, `is missing: the table ${table} was there`)
  const version = join(folder, 'format_version.txt')
  if ((await textOf(version))?.trim() !== '1') return fatal(version, 'is missing or damaged')
  for (const name of names.filter((entry) => entry.startsWith('mutation_'))) {
    const path = join(folder, name)
    if ((await textOf(path))?.startsWith('format version: 1') !== true) return fatal(path, 'is damaged')
  }
  const parts = await namesIn(join(folder, 'detached'))
  return Promise.all(
    parts
      .filter((name) => brokenPart.test(name))
      .toSorted()
      .map((name) => partDamage(join(folder, 'detached', name), table)),
  )
}

function idIn(definition: string): string | null {
  return /^ATTACH (?:TABLE|MATERIALIZED VIEW) _ UUID '([0-9a-f-]{36})'/.exec(definition)?.[1] ?? null
}

/** Where a table has its parts; null for one that has none. */
function folderOf(directory: string, definition: string | null): string | null {
  const id = definition === null ? null : idIn(definition)
  if (definition === null || id === null || !/^ENGINE = \w*MergeTree\b/m.test(definition)) return null
  return join(directory, 'store', id.slice(0, 3), id)
}

async function rowsOf(part: string): Promise<number | null> {
  const count = await textOf(join(part, 'count.txt'))
  return count !== null && /^\d{1,15}$/.test(count) ? Number(count) : null
}

async function partDamage(path: string, table: string): Promise<StoreDamage> {
  const rows = await rowsOf(path)
  const isFatal = rulingTables.has(table)
  const problem = `is a part of the table ${table} that the engine found damaged and put aside`
  return { path, problem, table, rows, isFatal }
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((): string[] => [])
}

async function textOf(path: string): Promise<string | null> {
  const { size } = await stat(path).catch(() => ({ size: Infinity }))
  return size > 1024 ** 2 ? null : readFile(path, 'utf8').catch(() => null)
}
