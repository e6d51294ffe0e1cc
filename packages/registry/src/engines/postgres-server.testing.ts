import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A PostgreSQL server of this test alone. */
export interface PostgresServer {
  /** Connection URL of an empty database, another one at every call. */
  createDatabase(): string
  stop(): Promise<void>
}

/** Where the newest installed PostgreSQL has its programs, or null. */
export function findPostgres(): string | null {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').toSorted((a, b) => versionOf(a) - versionOf(b))
  return found.at(-1)?.replace(/\/initdb$/, '') ?? null
}

/** What to tell when {@link findPostgres} finds none. */
export const postgresMissing = 'PostgreSQL is not installed: apt-get install postgresql'

/** Starts a server on a temporary folder, reachable by a Unix socket only. PostgreSQL refuses to run as root. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-pg-'))
  const user: { uid?: number; gid?: number } = process.getuid?.() === 0 ? postgresUser() : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid)
  const run = (program: string, args: string[]) => {
    const { status, stderr } = spawnSync(join(programs, program), args, { ...user, cwd: directory })
    if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`)
  }
  const data = join(directory, 'data')
  run('initdb', ['-D', data, '-U', 'peerpress', '--auth=trust', '--no-sync'])
  const settings = [
    '-c',
    'listen_addresses=',
    '-c',
    `unix_socket_directories=${directory}`,
    '-c',
    'fsync=off',
  ]
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], {
    ...user,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await untilReady(createInterface(server.stderr))
  let databases = 0
  return {
    createDatabase: () => {
      const name = `test${++databases}`
      run('createdb', ['-h', directory, '-U', 'peerpress', name])
      return `postgres://peerpress@localhost/${name}?host=${encodeURIComponent(directory)}`
    },
    stop: async () => {
      const exit = once(server, 'exit')
      server.kill('SIGINT')
      await exit
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function postgresUser(): { uid: number; gid: number } {
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres']).stdout.toString())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function versionOf(path: string): number {
  return Number(path.split('/')[4])
}

async function untilReady(lines: AsyncIterable<string>): Promise<void> {
  const seen: string[] = []
  for await (const line of lines) {
    seen.push(line)
    if (line.includes('ready to accept connections')) return
  }
  throw new Error(`PostgreSQL did not start: ${seen.join('\n')}`)
}
