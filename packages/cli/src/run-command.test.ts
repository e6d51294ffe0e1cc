import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Runs the command as a person does. */
function peerpress(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

test('without a command it lists them', async () => {
  const { code, stdout } = await peerpress()
  assert.equal(code, 0)
  for (const name of [
    'demo',
    'start',
    'test',
    'bench',
    'site',
    'account',
    'connector',
    'publish',
    'plugin',
    'report',
    'search',
    'migrate',
    'export',
    'backup',
    'restore',
    'doctor',
  ]) {
    assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
  }
})

test('--help of a command goes to stdout', async () => {
  const { code, stdout } = await peerpress('demo', '--help')
  assert.equal(code, 0)
  assert.match(stdout, /^Usage: \.\/peerpress demo/)
})

test('an unknown command is misuse and says where to look', async () => {
  const { code, stderr } = await peerpress('constructor')
  assert.equal(code, 2)
  assert.match(stderr, /--help lists them/)
})

test('an unknown option is misuse and is named', async () => {
  const { code, stderr } = await peerpress('start', '--prot', '1')
  assert.equal(code, 2)
  assert.match(stderr, /--prot/)
})

test('a wrong setting says which and what it should be', async () => {
  const { code, stderr } = await peerpress('start', '--port', 'many')
  assert.equal(code, 1)
  assert.match(stderr, /PEERPRESS_PORT is "many"/)
})

test('colours are for terminals: none in a pipe', async () => {
  const { stderr } = await peerpress('nonsense')
  assert.ok(!stderr.includes('\u001b['))
})

test('no server is said plainly', async () => {
  const { code, stderr } = await peerpress('site', 'list', '--data', '/nonexistent')
  assert.equal(code, 1)
  assert.match(stderr, /start the server once/)
})

test('a backup into the data folder is refused with one line, and nothing is made', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'peerpress-backup-'))
  t.after(() => rm(data, { recursive: true }))
  await mkdir(join(data, 'store'))
  for (const target of [data, join(data, 'store', 'backup'), join(data, 'monday')]) {
    const { code, stderr } = await peerpress('backup', target, '--data', data)
    assert.equal(code, 1)
    assert.match(stderr, /^✗ \S+ is in \S+: name a folder outside the data folder\n$/)
  }
  assert.deepEqual(await readdir(data, { recursive: true }), ['store'])
})
