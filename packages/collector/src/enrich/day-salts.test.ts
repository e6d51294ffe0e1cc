import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { beaconOf, requestOf } from '../beacon.testing.ts'
import { DaySalts } from './day-salts.ts'
import { BeaconContext } from '../beacon-context.ts'
import { visitorsBy } from './visitor.ts'

const day = 86_400_000
const noon = Date.UTC(2026, 2, 8, 12)

describe('salts of days', () => {
  let directory: string
  let now: number
  const path = (name: string) => join(directory, name)
  const opened = () => DaySalts.open(directory, () => now)

  const saltOf = async (salts: DaySalts, moment: number) =>
    (await salts.of(moment))?.export().toString('hex') ?? assert.fail('no salt')

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'salts-')), 'salts')
    now = noon
  })
  afterEach(() => rm(join(directory, '..'), { recursive: true }))

  test('a day has one salt, for concurrent callers and across restarts', async () => {
    const salts = await opened()
    const [first, second] = await Promise.all([saltOf(salts, noon), saltOf(salts, noon + 1000)])
    assert.deepEqual(second, first)
    assert.deepEqual(await saltOf(await opened(), noon), first)
    assert.notDeepEqual(await saltOf(salts, noon - day), first)
    assert.deepEqual((await readdir(directory)).toSorted(), ['2026-03-07', '2026-03-08'])
  })

  test('only the owner of the process can read it on disk', async () => {
    await (await opened()).of(noon)
    assert.equal((await stat(directory)).mode & 0o777, 0o700)
    assert.equal((await stat(path('2026-03-08'))).mode & 0o777, 0o600)
  })

  test('there is no salt for a day before yesterday, nor for a future day', async () => {
    const salts = await opened()
    assert.equal(salts.of(noon - 2 * day), null)
    assert.equal(salts.of(noon + day), null)
    assert.deepEqual(await readdir(directory), [])
  })

  test('two days later it is overwritten and deleted', async () => {
    const salts = await opened()
    await salts.of(noon)
    assert.notDeepEqual(await readFile(path('2026-03-08')), Buffer.alloc(32))
    // An open handle reads the blocks after the file is deleted.
    const handle = await open(path('2026-03-08'), 'r')
    try {
      now += day
      await salts.sweep()
      assert.deepEqual(await readdir(directory), ['2026-03-08'])
      now += day
      await salts.sweep()
      assert.deepEqual(await readdir(directory), [])
      assert.deepEqual(await handle.readFile(), Buffer.alloc(32))
    } finally {
      await handle.close()
    }
    assert.equal(salts.of(noon), null)
  })

  test('the next start deletes salts that expired while no process ran, and half-written ones; other files stay', async () => {
    await (await opened()).of(noon)
    for (const name of ['2026-03-07.new', 'notes.txt']) await writeFile(path(name), 'x')
    now += 2 * day
    await opened()
    assert.deepEqual(await readdir(directory), ['notes.txt'])
  })

  test('a salt that a crash cut short is replaced', async () => {
    await (await opened()).of(noon)
    await writeFile(path('2026-03-08'), 'short')
    const salt = await saltOf(await opened(), noon)
    assert.equal((await readFile(path('2026-03-08'))).length, 32)
    assert.equal(await saltOf(await opened(), noon), salt)
  })

  test('a salt that cannot be read stays and is reported once; later it is read again', async () => {
    const notices: string[] = []
    const salt = await saltOf(await opened(), noon)
    const salts = await DaySalts.open(
      directory,
      () => now,
      (notice) => notices.push(notice),
    )
    // Reading a folder fails with EISDIR for every user, root included.
    await rename(path('2026-03-08'), path('elsewhere'))
    await mkdir(path('2026-03-08'))
    for (let i = 0; i < 2; i++) await assert.rejects(async () => salts.of(noon), { code: 'EISDIR' })
    assert.equal(notices.length, 1)
    assert.match(notices[0] ?? '', /2026-03-08 cannot be read/)
    await rmdir(path('2026-03-08'))
    await rename(path('elsewhere'), path('2026-03-08'))
    assert.equal(await saltOf(salts, noon), salt)
    assert.deepEqual(await readdir(directory), ['2026-03-08'])
  })

  test('a beacon whose salt cannot be read has no visitor; once it can, the visitor is the same as before', async () => {
    const salts = await opened()
    const context = new BeaconContext({ ...requestOf(beaconOf(1)) }, noon)
    context.beacon = beaconOf(1)
    context.startedAt = noon
    const before = await visitorsBy(salts).idOf(context)
    const restarted = visitorsBy(await opened())
    await rename(path('2026-03-08'), path('elsewhere'))
    await mkdir(path('2026-03-08'))
    assert.equal(await restarted.idOf(context), null)
    await rmdir(path('2026-03-08'))
    await rename(path('elsewhere'), path('2026-03-08'))
    assert.equal(await restarted.idOf(context), before)
  })

  test('an expired salt that cannot be deleted is reported; the others are deleted and the start succeeds', async () => {
    await (await opened()).of(noon)
    await mkdir(path('2020-01-01'))
    now += 2 * day
    const notices: string[] = []
    const salts = await DaySalts.open(
      directory,
      () => now,
      (notice) => notices.push(notice),
    )
    assert.deepEqual(await readdir(directory), ['2020-01-01'])
    assert.deepEqual(notices, ['an expired salt could not be deleted'])
    assert.ok(await salts.of(now))
  })

  test('a visitor is the first 64 bits of an HMAC of site, address and user agent', async () => {
    await mkdir(directory)
    await writeFile(path('2026-03-08'), Buffer.alloc(32, 7))
    const context = new BeaconContext(
      { ...requestOf(beaconOf(1)), address: '203.0.113.7', userAgent: 'reader' },
      noon,
    )
    context.beacon = beaconOf(1)
    context.startedAt = noon
    const hash = createHmac('sha256', Buffer.alloc(32, 7))
      .update('abcdefghijklmnop\n203.0.113.7\nreader')
      .digest('hex')
    assert.equal(await visitorsBy(await opened()).idOf(context), BigInt(`0x${hash.slice(0, 16)}`).toString())
  })
})
