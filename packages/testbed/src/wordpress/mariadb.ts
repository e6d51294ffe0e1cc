import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from '../cache-directory.ts'
import { startGuarded, waitUntilReady } from './guarded-process.ts'
import type { GuardedProcess } from './guarded-process.ts'

const run = promisify(execFile)

export interface MariaDb {
  /** Path of the Unix socket: the only way in. The user is `root`, without a password. */
  readonly socket: string
  /** An empty database. */
  readonly name: string
  readonly process: GuardedProcess
}

// A log of 8 MiB instead of 96 keeps the copied folder small.
const settings = ['--no-defaults', '--innodb-log-file-size=8M', ...(isRoot() ? ['--user=root'] : [])]

/** Starts a MariaDB server of its own, with its files in `directory`/database and no network port. */
export async function startMariaDb(directory: string): Promise<MariaDb> {
  const files = join(directory, 'database')
  const socket = join(directory, 'database.sock')
  await cp(await emptyDatabase(), files, { recursive: true })
  const process = await startGuarded(
    [
      '/usr/sbin/mariadbd',
      ...settings,
      `--datadir=${files}`,
      `--socket=${socket}`,
      `--pid-file=${join(directory, 'database.pid')}`,
      '--skip-networking',
      '--skip-log-bin',
      '--innodb-buffer-pool-size=64M',
    ],
    join(directory, 'database.log'),
    { cwd: directory },
  )
  await waitUntilReady(process, 'MariaDB', () => greets(socket))
  const name = 'wordpress'
  await run('mariadb', ['--no-defaults', `--socket=${socket}`, '-e', `CREATE DATABASE ${name}`])
  return { socket, name, process }
}

/** A freshly initialised data folder, made once (4 s) and copied from then on. */
async function emptyDatabase(): Promise<string> {
  const { stdout } = await run('/usr/sbin/mariadbd', ['--no-defaults', '--version'])
  const version = /Ver (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown'
  const template = join(cacheDirectory, `mariadb-${version}-${isRoot() ? 'root' : 'user'}`)
  if (existsSync(template)) return template
  await mkdir(cacheDirectory, { recursive: true })
  const staging = await mkdtemp(join(cacheDirectory, 'mariadb-staging-'))
  try {
    await run('mariadb-install-db', [
      ...settings,
      `--datadir=${join(staging, 'files')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ])
    // Two tests may prepare it at once: the first rename wins, the second finds a full folder.
    await rename(join(staging, 'files'), template).catch((error: unknown) => {
      if (!existsSync(template)) throw error
    })
    return template
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

function greets(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    const end = (ready: boolean): void => {
      connection.destroy()
      resolve(ready)
    }
    connection
      .once('data', () => end(true))
      .once('error', () => end(false))
      .once('end', () => end(false))
  })
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}
