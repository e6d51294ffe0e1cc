import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StoreError } from './store-error.ts'

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

/** Whether a directory holds an engine's files, in whatever condition. */
export async function hasStoreFiles(directory: string): Promise<boolean> {
  const names = await Promise.all(['metadata', 'store'].map((name) => namesIn(join(directory, name))))
  return names.some((entries) => entries.length > 0)
}

async function tableDamage(directory: string, table: string, definitionPath: string): Promise<StoreDamage[]> {
  const fatal = (path: string, problem: string) => [{ path, problem, table, rows: null, isFatal: true }]
  const definition = await textOf(definitionPath)
  if (definition === null) return fatal(definitionPath, 'is missing or cannot be read')
  const [, id] = /^ATTACH (?:TABLE|MATERIALIZED VIEW) _ UUID '([0-9a-f-]{36})'/.exec(definition) ?? []
  if (id === undefined) return fatal(definitionPath, 'is damaged')
  if (!/^ENGINE = \w*MergeTree\b/m.test(definition)) return []
  const folder = join(directory, 'store', id.slice(0, 3), id)
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

async function partDamage(path: string, table: string): Promise<StoreDamage> {
  const count = await textOf(join(path, 'count.txt'))
  const rows = count !== null && /^\d{1,15}$/.test(count) ? Number(count) : null
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
