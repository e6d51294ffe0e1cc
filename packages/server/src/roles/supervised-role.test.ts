import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Role } from '@peerpress/wire'
import { SupervisedRole } from './supervised-role.ts'

const well: Role = {
  name: 'tracker',
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  health: () => Promise.resolve({ ok: true, detail: null }),
}

/** The role under supervision, with the test's timers and clock. */
function supervise(t: TestContext, role: Partial<Role>) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const clock = { now: 0 }
  const reports: string[] = []
  const supervised = new SupervisedRole(
    { ...well, ...role },
    { report: (problem) => reports.push(problem), steady: () => clock.now },
  )
  return { supervised, reports, clock }
}

/** Lets everything happen that waits for nothing but promises. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a role is not well before it has started, and well after', async (t) => {
  const { supervised } = supervise(t, {})
  assert.deepEqual(supervised.status(), { name: 'tracker', ok: false, detail: 'it has not started' })
  assert.equal(await supervised.start(), null)
  assert.deepEqual(supervised.status(), { name: 'tracker', ok: true, detail: null })
})

test('a role that throws at its start is reported, and started again after growing pauses', async (t) => {
  let starts = 0
  const start = async () => {
    if (++starts < 3) throw new Error('no port')
  }
  const { supervised, reports } = supervise(t, { start })
  const failure = await supervised.start()
  assert.match(String(failure?.error), /no port/)
  assert.deepEqual(supervised.status(), { name: 'tracker', ok: false, detail: 'no port' })
  t.mock.timers.tick(5000)
  await settled()
  assert.equal(starts, 2)
  t.mock.timers.tick(9999)
  await settled()
  assert.equal(starts, 2)
  t.mock.timers.tick(1)
  await settled()
  assert.equal(supervised.status().ok, true)
  assert.deepEqual(reports, [
    'the role tracker could not start; the next try is in 5 s:',
    'the role tracker could not start; the next try is in 10 s:',
    'the role tracker runs now',
  ])
})

test('a start that does not end holds up nobody, and shows as no answer', async (t) => {
  const { supervised, clock } = supervise(t, { start: () => new Promise(() => undefined) })
  const started = supervised.start()
  clock.now = 12_000
  t.mock.timers.tick(10_000)
  assert.equal(await started, null)
  assert.deepEqual(supervised.status(), { name: 'tracker', ok: false, detail: 'no answer for 12 s' })
})

test('a role that stops answering is not well until it answers again', async (t) => {
  let answer = Promise.resolve({ ok: true, detail: null as string | null })
  const { supervised, clock } = supervise(t, { health: () => answer })
  await supervised.start()
  const late = Promise.withResolvers<{ ok: boolean; detail: string | null }>()
  answer = late.promise
  t.mock.timers.tick(5000)
  clock.now = 10_000
  assert.equal(supervised.status().ok, true)
  clock.now = 11_000
  assert.deepEqual(supervised.status(), { name: 'tracker', ok: false, detail: 'no answer for 11 s' })
  late.resolve({ ok: true, detail: null })
  await settled()
  assert.equal(supervised.status().ok, true)
})

test('the reason of a failed check shows', async (t) => {
  let health: Role['health'] = async () => ({ ok: false, detail: 'the disk is full' })
  const { supervised } = supervise(t, { health: () => health() })
  await supervised.start()
  await supervised.check()
  assert.equal(supervised.status().detail, 'the disk is full')
  health = () => Promise.reject(new Error('gone'))
  await supervised.check()
  assert.equal(supervised.status().detail, 'gone')
})

test('a stop ends checks and repeated starts, and then the role', async (t) => {
  let starts = 0
  let stopped = 0
  const { supervised } = supervise(t, {
    start: async () => {
      starts++
      throw new Error('no')
    },
    stop: async () => {
      stopped++
    },
  })
  await supervised.start()
  await supervised.stop(1000)
  t.mock.timers.tick(600_000)
  await settled()
  assert.deepEqual([starts, stopped], [1, 1])
})
