import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectLog } from '@peerpress/collector'
import { findPostgresDamage, readCopyOfRegistry } from '@peerpress/registry'
import { type LockState, lockStateOf } from '@peerpress/directory-lock'
import { findBrokenParts, findStoreDamage } from '@peerpress/store'
import { isIncomplete } from '../backup/incomplete-restore.ts'
import type { ServerConfig } from '../config/config.ts'
import { operatorTokenFile } from '../operator-token.ts'
import { checkSchedules } from './check-schedules.ts'
import { danglingProblem, danglingTarget } from './dangling-link.ts'
import { findParts, findPartsProblem, partNames } from './parts.ts'
import { systemProblem } from './system-error.ts'

/** The checks. Stable: scripts match on them. */
export type DataCheckCode =
  /** The data folder exists, can be written, and no restore into it was interrupted. */
  | 'folder'
  /** Other users of the machine cannot read it. */
  | 'permissions'
  | 'disk-space'
  /** No part is missing, and all are of one installation. */
  | 'parts'
  | 'lock-files'
  | 'registry-files'
  | 'store-files'
  /** Segments that wait for the store, and salts, can be read. */
  | 'log'
  | 'operator-token'
  /** Nothing was written in the future. */
  | 'clock'
  /** The server that uses the folder is ready. */
  | 'server'
  /** The last run of each of the running server's schedules succeeded, and none is overdue. */
  | 'schedules'

/** The result of one check. */
export interface DataCheck {
  readonly code: DataCheckCode
  /** `skipped`: the check could not run, for the reason in `detail`. */
  readonly state: 'ok' | 'problem' | 'skipped'
  /** The finding, for people; null if there is nothing to add. */
  readonly detail: string | null
  /** What to do about a problem, for people. */
  readonly wayOut: string | null
}

type Finding = Omit<DataCheck, 'code'>

const ok = (detail: string | null = null): Finding => ({ state: 'ok', detail, wayOut: null })
const skipped = (detail: string): Finding => ({ state: 'skipped', detail, wayOut: null })
const problem = (detail: string, wayOut: string): Finding => ({ state: 'problem', detail, wayOut })

const restore = 'restore a backup into an empty folder with ./peerpress restore'

/** Less free space is a problem, bytes. The log of beacons writes segments of 8 MiB. */
const leastFreeBytes = 128 * 1024 ** 2
/** How far ahead a file's time may lie, ms. */
const clockSlip = 3_600_000

/**
 * Checks everything in a server's data folder that can be damaged, and changes nothing. While a server uses the folder, checks
 * that need a stopped server are skipped, and the server is queried.
 * @param server its address; null for the usual one if a server uses the folder
 */
export async function inspectData(
  config: ServerConfig,
  server: string | null,
): Promise<readonly DataCheck[]> {
  const { dataDirectory } = config
  const itself = await checkItself(dataDirectory).catch(unexpected)
  // Nothing in the folder can be checked.
  if (itself !== null) return [{ code: 'folder', ...itself }]
  const locks = lockStates(dataDirectory)
  const isInUse = Object.values(locks).includes('held')
  const serverUrl = server ?? `http://127.0.0.1:${config.port}`
  // A server whose engines are elsewhere locks nothing in its folder, unless it has the role collector.
  const asksServer = isInUse || server !== null
  const checks: readonly (readonly [DataCheckCode, () => Promise<Finding>])[] = [
    ['folder', () => checkFolder(dataDirectory)],
    ['permissions', () => checkPermissions(dataDirectory)],
    ['disk-space', () => checkSpace(dataDirectory)],
    ['parts', () => checkParts(config)],
    ['lock-files', async () => checkLocks(locks)],
    ['registry-files', () => checkRegistry(config, isInUse)],
    ['store-files', () => checkStore(config, isInUse)],
    ['log', () => checkLog(join(dataDirectory, 'beacons'))],
    ['operator-token', () => checkToken(join(dataDirectory, operatorTokenFile))],
    ['clock', () => checkClock(dataDirectory)],
    ['server', () => (asksServer ? checkServer(serverUrl) : Promise.resolve(skipped(unused)))],
    [
      'schedules',
      () => (asksServer ? checkSchedulesOf(serverUrl, dataDirectory) : Promise.resolve(skipped(unused))),
    ],
  ]
  const done: DataCheck[] = []
  for (const [code, check] of checks) done.push({ code, ...(await check().catch(unexpected)) })
  return done
}

const unused =
  'no server uses the folder, as far as its files tell: name one whose engines are elsewhere with --server'

function unexpected(error: unknown): Finding {
  const known = systemProblem(error)
  const why = known?.what ?? (error instanceof Error ? error.message : String(error))
  return problem(
    `cannot be looked at: ${why}`,
    known?.wayOut ?? 'make it readable for the user that runs this',
  )
}

/** Returns why nothing in the data folder can be checked; null if it is a folder. */
async function checkItself(directory: string): Promise<Finding | null> {
  const dangling = await checkLink(directory)
  if (dangling !== null) return dangling
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return skipped(`there is no ${directory} yet; the first start makes it`)
  return found.isDirectory() ? null : problem(`${directory} is no folder`, 'move away what is in its place')
}

async function checkLink(path: string): Promise<Finding | null> {
  const target = await danglingTarget(path)
  if (target === null) return null
  const { what, wayOut } = danglingProblem(path, target)
  return problem(what, wayOut)
}

async function checkFolder(directory: string): Promise<Finding> {
  for (const path of [directory, ...partNames.map((name) => join(directory, name))]) {
    const dangling = await checkLink(path)
    if (dangling !== null) return dangling
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (found === null) continue
    if (!found.isDirectory()) return problem(`${path} is no folder`, 'move away what is in its place')
    const error: unknown = await access(path, constants.W_OK | constants.R_OK | constants.X_OK).then(
      () => null,
      (refused: unknown) => refused,
    )
    if (error !== null)
      return problem(
        `${path} cannot be written`,
        systemProblem(error)?.wayOut ?? 'make it writable for the user that runs PeerPress',
      )
  }
  if (await isIncomplete(directory)) {
    return problem(
      `a restore into ${directory} did not end`,
      'delete the folder and restore the backup again with ./peerpress restore',
    )
  }
  return ok(directory)
}

async function checkPermissions(directory: string): Promise<Finding> {
  const paths = [directory, ...[...partNames, operatorTokenFile].map((name) => join(directory, name))]
  const modes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mode }) => mode & 0o077,
        () => 0,
      ),
    ),
  )
  const open = paths.filter((_, i) => modes[i] !== 0)
  if (open.length === 0) return ok()
  return problem(
    `other users of this machine may read ${open.join(', ')}`,
    `start the server, which closes it, or run chmod -R go= ${directory}`,
  )
}

async function checkSpace(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory)
  const free = `${Math.floor((bavail * bsize) / 1024 ** 2)} MiB are free`
  return bavail * bsize < leastFreeBytes
    ? problem(free, 'free some space on the disk of the data folder')
    : ok(free)
}

async function checkParts(config: ServerConfig): Promise<Finding> {
  const parts = await findParts(config)
  const found = findPartsProblem(parts, config.dataDirectory)
  if (found !== null) return problem(found.problem, found.wayOut)
  const held = partNames.filter((name) => parts.hasData[name])
  return ok(held.length === 0 ? 'there are no data yet' : held.join(', '))
}

function lockStates(directory: string): Record<string, LockState> {
  const files = [join('registry', 'owner.lock'), join('store', 'lock'), join('beacons', 'lock')]
  return Object.fromEntries(files.map((name) => [join(directory, name), lockStateOf(join(directory, name))]))
}

function checkLocks(locks: Readonly<Record<string, LockState>>): Finding {
  const inState = (state: LockState) => Object.keys(locks).filter((path) => locks[path] === state)
  const unreadable = inState('unreadable')
  if (unreadable.length > 0) {
    return problem(`${unreadable.join(', ')} cannot be read`, 'move it away while no server runs')
  }
  const damaged = inState('damaged')
  if (damaged.length > 0) {
    return problem(`${damaged.join(', ')} holds garbage`, 'start the server, which mends it; nothing is lost')
  }
  return ok(inState('held').length > 0 ? 'a server uses the folder' : 'no server uses the folder')
}

async function checkRegistry(
  { postgresUrl, dataDirectory }: ServerConfig,
  isInUse: boolean,
): Promise<Finding> {
  if (postgresUrl !== undefined) return skipped('the records are on a PostgreSQL server')
  const directory = join(dataDirectory, 'registry')
  const damage = isInUse
    ? findPostgresDamage(join(directory, 'postgres'))
    : await readCopyOfRegistry(directory)
  if (damage !== null) return problem(`${damage.path} ${damage.problem}`, restore)
  return ok(isInUse ? 'the files are there; every record is read only while the server is stopped' : null)
}

async function checkStore(
  { clickhouseUrl, dataDirectory }: ServerConfig,
  isInUse: boolean,
): Promise<Finding> {
  if (clickhouseUrl !== undefined) return skipped('the measurements are on a ClickHouse server')
  const directory = join(dataDirectory, 'store')
  const putAside = await findStoreDamage(directory)
  const damages = [...putAside, ...(isInUse ? [] : await findBrokenParts(directory))]
  if (damages.length === 0) return ok()
  const detail = damages
    .map(({ path, problem: what, rows }) => `${path} ${what}${rows === null ? '' : ` (${rows} rows)`}`)
    .join('; ')
  const isFatal = damages.some((damage) => damage.isFatal)
  return problem(
    detail,
    isFatal
      ? restore
      : putAside.length < damages.length
        ? `${restore}, or start the server to go on without these parts, which it then puts aside`
        : `${restore}, or move these folders out of "detached" to go on without their rows`,
  )
}

async function checkLog(directory: string): Promise<Finding> {
  const { waiting, damaged, setAside } = await inspectLog(directory)
  if (damaged.length > 0) {
    return problem(
      `${namesOf(damaged, directory)} cannot be read in whole`,
      'start the server, which takes what can be read and sets the rest aside',
    )
  }
  if (setAside.length > 0) {
    return problem(
      `${namesOf(setAside, directory)} was set aside earlier`,
      'while the server is stopped, take the ending off to try it again, or remove it',
    )
  }
  return ok(`${waiting} segments wait for the store`)
}

async function checkToken(path: string): Promise<Finding> {
  const dangling = await checkLink(path)
  if (dangling !== null) return dangling
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return ok('not there yet; the server writes it when it starts')
  if (/^[0-9a-f]{64}\n?$/.test(text)) return ok()
  return problem(`${path} holds no token`, 'start the server, which writes it again')
}

/** Looks for times in the future. They mean that the clock was set back, or is wrong now. */
async function checkClock(directory: string): Promise<Finding> {
  const salts = join(directory, 'beacons', 'salts')
  const paths = [
    ...[operatorTokenFile, join('registry', 'postgres', 'global', 'pg_control'), 'store', 'beacons'].map(
      (name) => join(directory, name),
    ),
    ...(await readdir(salts).catch((): string[] => [])).map((name) => join(salts, name)),
  ]
  const now = Date.now()
  for (const path of paths) {
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (written <= now + clockSlip) continue
    return problem(
      `${path} was written at ${new Date(written).toISOString()}, which is still to come: the clock was set back`,
      "check the machine's clock and its time service",
    )
  }
  return ok()
}

async function checkServer(url: string): Promise<Finding> {
  const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(5000) }).then(
    async (response) => ({ isReady: response.ok, text: (await response.text()).trim().slice(0, 200) }),
    () => null,
  )
  if (answer === null) {
    return skipped(`no server answers at ${url}: name the one that uses the folder with --server`)
  }
  return answer.isReady
    ? ok(`${url} is ready`)
    : problem(`${url} answers: ${answer.text}`, 'look at what the server printed')
}

async function checkSchedulesOf(url: string, dataDirectory: string): Promise<Finding> {
  const token = await readFile(join(dataDirectory, operatorTokenFile), 'utf8').catch(() => null)
  if (token === null) return skipped('the operator token is not there')
  const { state, detail } = await checkSchedules({ url, token: token.trim() }, Date.now())
  return {
    state,
    detail,
    wayOut: state === 'problem' ? 'look at what the server printed; a failed run is tried again' : null,
  }
}

function namesOf(names: readonly string[], directory: string): string {
  const shown = names.slice(0, 3).map((name) => join(directory, name))
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}
