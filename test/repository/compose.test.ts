import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { repositoryDirectory } from '@peerpress/cli'
import { environmentVariables, readConfig } from '@peerpress/server'
import { parse } from 'yaml'
import { runTurnServer } from '../support/browser/turn-server.ts'
import { freePort } from '../support/free-port.ts'

const root = fileURLToPath(repositoryDirectory)
const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8')

interface Service {
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly profiles?: readonly string[]
  readonly volumes?: readonly string[]
}

/** What a person would fill into `.env`. */
const filledIn: Readonly<Record<string, string>> = {
  PEERPRESS_PUBLIC_URL: 'https://peerpress.example.org',
  TURN_ADDRESS: '203.0.113.7',
}

suite('docker-compose.yml', () => {
  let directory: string
  let names: string[]
  let services: Readonly<Record<string, Service>>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-compose-'))
    names = [...(await read('.env.example')).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name as string)
    const filled = names.map((name) => `${name}=${filledIn[name] ?? 'x1'}`).join('\n')
    services = (parse(await compose(filled)) as { services: Record<string, Service> }).services
  })
  after(() => rm(directory, { recursive: true, force: true }))

  /** The whole file as a compose parser understands it. */
  async function compose(environment: string): Promise<string> {
    const file = join(directory, 'filled-in.env')
    await writeFile(file, environment)
    const where = [
      '--project-directory',
      root,
      '--file',
      join(root, 'docker-compose.yml'),
      '--env-file',
      file,
    ]
    return run('docker-compose', [...where, '--profile', 'wordpress', 'config'])
  }

  test('is understood by a compose parser, with and without the WordPress to try', () => {
    const all = Object.entries(services)
    const always = all.filter(([, { profiles = [] }]) => profiles.length === 0).map(([name]) => name)
    assert.deepEqual(always.toSorted(), ['clickhouse', 'coturn', 'postgres', 'server'])
    const trial = all.filter(([, { profiles = [] }]) => profiles.includes('wordpress')).map(([name]) => name)
    assert.deepEqual(trial.toSorted(), [
      'localhost-in-server',
      'localhost-in-wordpress',
      'mariadb',
      'wordpress',
    ])
  })

  test('refuses to start while what .env.example lists is not filled in', async () => {
    await assert.rejects(compose(''), /PEERPRESS_PUBLIC_URL.*such as https/s)
    const used = [...(await read('docker-compose.yml')).matchAll(/\$\{([A-Z_]+)(:[?-])?/g)]
    const optional = [...(await read('.env.example')).matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name)
    for (const [, name, mark] of used)
      assert.equal(mark, optional.includes(name) ? ':-' : ':?', `${name} is neither required nor optional`)
    assert.deepEqual(new Set(used.map(([, name]) => name)), new Set([...names, ...optional]))
  })

  test('sets only variables that the server reads, to values that it accepts', () => {
    const { server } = services
    const environment = server?.environment ?? {}
    for (const name of Object.keys(environment))
      assert.ok(environmentVariables.includes(name), `${name} is not read`)
    const asText = Object.entries(environment).map(([name, value]) => [name, String(value)])
    const config = readConfig(Object.fromEntries(asText) as Record<string, string>)
    assert.equal(config.publicUrl, 'https://peerpress.example.org')
    assert.equal(config.retentionDays, 400, 'an optional setting that .env lacks')
    assert.equal(config.postgresUrl, 'postgres://peerpress:x1@postgres:5432/peerpress')
    assert.deepEqual(config.iceServers, [
      { urls: ['stun:203.0.113.7:3478'] },
      { urls: ['turn:203.0.113.7:3478'], username: 'peerpress', credential: 'x1' },
    ])
  })

  test('opens no port to other machines by itself', () => {
    for (const [name, { ports = [] }] of Object.entries(services)) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, `${name} publishes ${port}`)
    }
  })

  test('relays readers to public addresses, and to none of the operator’s own network', async (t) => {
    const port = await freePort()
    const turn = await runTurnServer(port, services['coturn']?.command ?? [])
    t.after(() => turn.stop())
    const refused = ['10.0.0.9', '127.0.0.1', '169.254.169.254', '172.17.0.1', '192.168.1.1', '198.18.0.1']
    for (const peer of refused) assert.equal(await channelTo(peer, port), 'error 403 (Forbidden IP)', peer)
    assert.equal(await channelTo('203.0.113.9', port), 'success')
  })

  test('gives WordPress the plugin of this repository', async () => {
    const { wordpress } = services
    const mount = wordpress?.volumes?.find((volume) => volume.includes('/plugins/peerpress'))
    assert.ok(mount)
    await access(join(mount.slice(0, mount.indexOf(':')), 'peerpress.php'))
  })
})

suite('Dockerfile', () => {
  let instructions: string[]

  before(async () => {
    instructions = (await read('Dockerfile')).replace(/\\\n/g, ' ').split('\n')
  })

  test('copies only what exists and .dockerignore lets through', async () => {
    const ignored = (await read('.dockerignore')).split('\n').filter(Boolean)
    const copies = instructions.filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    assert.ok(copies.length > 0)
    for (const source of copies.flatMap((line) => line.split(/\s+/).slice(1, -1))) {
      await access(join(root, source))
      assert.ok(!ignored.some((pattern) => matchesGlob(source, pattern)), `.dockerignore hides ${source}`)
    }
  })

  test('starts the command as an ordinary user, by names the server knows', async () => {
    const user = instructions.findIndex((line) => line === 'USER node')
    const command = instructions.findIndex((line) => line.startsWith('CMD '))
    assert.ok(user > 0 && user < command)
    const [program, ...words] = JSON.parse(instructions[command]?.slice(4) ?? '') as string[]
    assert.equal(program, 'node')
    const script = words.find((word) => !word.startsWith('--')) ?? ''
    await access(join(root, script))
    // Node refuses a flag that it does not know.
    const flags = words.slice(0, words.indexOf(script))
    await promisify(execFile)(process.execPath, [...flags, '--version'])
    for (const [name] of instructions.join('\n').matchAll(/\bPEERPRESS_[A-Z_]+/g)) {
      assert.ok(environmentVariables.includes(name), `${name} is not read`)
    }
  })
})

/** Asks a TURN server for a channel to a peer, with coturn's own client, and returns the outcome. */
async function channelTo(peer: string, port: number): Promise<string> {
  const account = ['-u', 'peerpress', '-w', 'x1']
  const client = spawn('turnutils_uclient', [...account, '-v', '-e', peer, '-p', String(port), '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(client, 'exit')
  const said: string[] = []
  let isBound = false
  for await (const line of createInterface({ input: client.stdout })) {
    said.push(line)
    if (/cb response received/.test(line)) isBound = true
    const [, outcome] = /\b(success\b|error \d+ .*$)/.exec(line) ?? []
    if (!isBound || outcome === undefined) continue
    client.kill()
    await ended
    return outcome
  }
  throw new Error(`no outcome:\n${said.join('\n')}`)
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // Of this process's environment only what finding the program takes: a variable set here must not count as filled in.
    const env = { PATH: process.env['PATH'], HOME: tmpdir() }
    execFile(program, [...args], { env, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`))
      else resolve(stdout)
    })
  })
}
