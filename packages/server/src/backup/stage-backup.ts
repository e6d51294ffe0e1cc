import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Collector } from '@peerpress/collector'
import { assetPath } from '@peerpress/publisher'
import type { NamedAsset, Registry, RegistryDump } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { ServerError } from '../server-error.ts'
import { ledgerFile } from '../engines.ts'
import { backedUpLedgerKey, backupFormat, type BackupIndex } from './backup-index.ts'

/** The parts of an installation that a backup reads. */
export interface BackupSources {
  readonly registry: Pick<Registry, 'dump'>
  readonly store: Pick<Store, 'freeze'>
  /** Null on a server without the role: another one flushes the beacons that it accepted. */
  readonly collector: Pick<Collector, 'flush' | 'whilePaused' | 'logBytes'> | null
  readonly dataDirectory: string
}

export interface StagingOptions {
  /** Leaves out the measurements: a ClickHouse server has backups of its own. @default false */
  readonly withoutMeasurements?: boolean
  /** ms that the store may take to receive the beacons that were accepted before. @default 120_000 */
  readonly flushTime?: number
}

/** A file of a staged backup. */
export interface StagedFile {
  /** Its path in the backup. */
  readonly path: string
  /** Where its bytes are: a file, or a link to a file, that never changes. */
  readonly source: string
  /** bytes */
  readonly size: number
  /** The expected hash of an asset. */
  readonly asset?: NamedAsset
}

/** One moment of an installation, as links and small files beside its data. */
export interface StagedBackup {
  readonly about: Omit<BackupIndex, 'files'>
  readonly files: readonly StagedFile[]
  /** bytes of all files */
  readonly size: number
  /** Removes the links and files. */
  release(): Promise<void>
}

/** Attempts to find a moment in which every named asset exists. */
const attempts = 4

/**
 * Stages a backup of one moment. First the store receives all beacons that were accepted before. Then its parts, the records
 * and their assets are linked. The log is left out except for segments that were set aside. Only one backup at a time may be
 * staged.
 * @throws {ServerError} `log-not-drained`, `damaged-asset`
 */
export async function stageBackup(
  { registry, store, collector, dataDirectory }: BackupSources,
  { withoutMeasurements = false, flushTime = 120_000 }: StagingOptions = {},
): Promise<StagedBackup> {
  const staging = join(dataDirectory, stagingDirectory)
  await removeStaged(dataDirectory)
  await mkdir(staging, { mode: 0o700 })
  const releases: (() => Promise<void>)[] = [() => removeStaged(dataDirectory)]
  const release = async () => {
    for (const each of releases.splice(0)) await each()
  }
  try {
    if (collector !== null) await flush(collector, flushTime)
    const freeze = () => store.freeze()
    const createdAt = new Date().toISOString()
    const frozen = withoutMeasurements ? null : await (collector?.whilePaused(freeze) ?? freeze())
    if (frozen !== null) releases.push(() => frozen.release())
    const setAside = await linkSetAside(join(dataDirectory, 'beacons'), join(staging, 'beacons'))
    // Its head is not later than the records' last row, because it is read before them.
    const keyFile = await copyLedgerKey(dataDirectory, staging)
    const { dump, directory, assets } = await stageRecords(registry, staging, join(dataDirectory, 'assets'))
    const files: StagedFile[] = [
      ...(await Promise.all(
        dump.files.map(async (name) => {
          const source = join(directory, name)
          return { path: `registry/${name}`, source, size: (await stat(source)).size }
        }),
      )),
      ...(frozen?.files ?? []).map(({ table, part, name, path, size }) => ({
        path: `store/${table}/${part}/${name}`,
        source: path,
        size,
      })),
      ...setAside,
      ...keyFile,
      ...assets,
    ]
    return {
      about: {
        format: backupFormat,
        createdAt,
        registry: { schema: dump.schema, tables: { ...dump.tables } },
        store: frozen && { step: frozen.step, rows: { ...frozen.rows } },
      },
      files,
      size: files.reduce((sum, { size }) => sum + size, 0),
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Removes the staging folder of a killed process. */
export async function removeStaged(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, stagingDirectory), { recursive: true, force: true })
}

const stagingDirectory = 'backup-staging'

async function flush(collector: NonNullable<BackupSources['collector']>, flushTime: number): Promise<void> {
  const flushed = new AbortController()
  const late = delay(flushTime, 'late', { signal: flushed.signal }).catch(() => 'stopped')
  try {
    if ((await Promise.race([collector.flush(), late])) !== 'late') return
  } finally {
    flushed.abort()
  }
  throw new ServerError(
    'log-not-drained',
    `the store did not take what was measured within ${flushTime / 1000} s (${collector.logBytes()} bytes wait): see the server's log, and try again`,
  )
}

interface StagedRecords {
  readonly dump: RegistryDump
  readonly directory: string
  readonly assets: readonly StagedFile[]
}

/**
 * Writes the records and links the assets that they name. On a Postgres server, a changed post or a removed site may remove
 * an asset before it is linked. Then a later moment is tried.
 */
async function stageRecords(
  registry: BackupSources['registry'],
  staging: string,
  assetDirectory: string,
): Promise<StagedRecords> {
  for (let attempt = 1; ; attempt++) {
    const directory = join(staging, `registry-${attempt}`)
    const linked = join(staging, `assets-${attempt}`)
    await mkdir(directory)
    let assets: StagedFile[] = []
    try {
      const dump = await registry.dump(directory, async (named) => {
        assets = await linkAssets(named, assetDirectory, linked)
      })
      return { dump, directory, assets }
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'damaged-asset') || attempt === attempts)
        throw error
      await delay(500 * attempt)
    }
  }
}

async function linkAssets(named: readonly NamedAsset[], from: string, to: string): Promise<StagedFile[]> {
  const files: StagedFile[] = []
  for (const asset of named) {
    const path = assetPath(asset.id)
    const source = join(to, path)
    await mkdir(dirname(source), { recursive: true })
    const found = await linkOrCopy(join(from, path), source).then(
      () => stat(source),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      },
    )
    if (found?.size !== asset.size) throw damagedAsset(asset.id, found === null ? 'missing' : 'cut short')
    files.push({ path: `assets/${path}`, source, size: asset.size, asset })
  }
  return files
}

/** Creates the error for an asset whose bytes do not have the hash that a manifest names. */
export function damagedAsset(id: string, what: string): ServerError {
  return new ServerError(
    'damaged-asset',
    `asset ${id} is ${what} (assets/${assetPath(id)}): delete its file, publish its post again (./peerpress publish), and try again`,
  )
}

/** Links the segments of the log that were set aside: accepted beacons that the store did not receive. */
async function linkSetAside(from: string, to: string): Promise<StagedFile[]> {
  const names = await readdir(from).catch(() => [])
  const files: StagedFile[] = []
  await mkdir(to)
  for (const name of names.filter((each) => /^[\w-]+\.log\.[\w-]+$/.test(each))) {
    const source = join(to, name)
    await linkOrCopy(join(from, name), source)
    files.push({ path: `beacons/${name}`, source, size: (await stat(source)).size })
  }
  return files
}

/** Copies the key and the head of the community's ledger, if there is one. */
async function copyLedgerKey(dataDirectory: string, staging: string): Promise<StagedFile[]> {
  const source = join(staging, ledgerFile)
  try {
    await copyFile(join(dataDirectory, ledgerFile), source)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return [{ path: backedUpLedgerKey, source, size: (await stat(source)).size }]
}

/** Links a file, or copies it on a file system without links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'EXDEV' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error
    await copyFile(from, to)
  }
}
