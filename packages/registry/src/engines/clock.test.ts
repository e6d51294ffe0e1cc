import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test, type TestContext } from 'node:test'
import { openRegistry } from '../open-registry.ts'
import { openPglite } from './pglite.ts'
import { steadyClock, watchClock } from './steady-clock.ts'

const day = 24 * 3600 * 1000

describe('a clock that is set back by days', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-clock-'))
  after(() => rmSync(directory, { recursive: true, force: true }))

  test('does not set back the clock that the job queue measures by', (t: TestContext) => {
    const before = steadyClock.now()
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() - 400 * day })
    assert.ok(steadyClock.now() >= before)
    assert.ok(steadyClock.now() - before < day)
  })

  test('makes no timer of the queue fire at once, with a warning', (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    let fired = 0
    const timers = [
      steadyClock.setTimeout(() => fired++, 400 * day),
      steadyClock.setInterval(() => fired++, 400 * day),
    ] as const
    t.mock.timers.tick(2 ** 31 - 2)
    assert.equal(fired, 0)
    steadyClock.clearTimeout(timers[0])
    steadyClock.clearInterval(timers[1])
    t.mock.timers.tick(10)
    assert.equal(fired, 0)
  })

  test('is noticed once; a correction of seconds is not noticed', () => {
    const clock = { now: 1000 * day, steady: 0 }
    const setBack: number[] = []
    const watch = watchClock({
      now: () => clock.now,
      steady: () => clock.steady,
      onSetBack: (ms) => setBack.push(ms),
    })
    const pass = (ms: number, set = 0) => {
      clock.steady += ms
      clock.now += ms + set
      watch.look()
    }
    pass(1000)
    pass(1000, -30_000)
    pass(1000, 2 * day)
    pass(1000, -2 * day)
    pass(1000)
    watch.stop()
    assert.deepEqual(setBack, [2 * day])
  })

  test('delays no job: retries become due, and the queues are checked again', async () => {
    const job = { name: 'published', key: 'post', data: { n: 1 } }
    const first = await openRegistry({ directory })
    await first.jobs.enqueue(job)
    await first.close()
    // As the queue would have left it two days ahead: a retry that is due a second later.
    const database = await openPglite(directory)
    await database.query(
      `update peerpress_jobs.job set state = 'retry', retry_count = 1, start_after = now() + interval '2 days'`,
    )
    await database.query(
      `update peerpress_jobs.queue set monitor_on = now() + interval '2 days', maintain_on = now() + interval '2 days'`,
    )
    await database.query(`update peerpress_jobs.version set cron_on = now() + interval '2 days'`)
    await database.close()

    const registry = await openRegistry({ directory })
    const ran = Promise.withResolvers<unknown>()
    await registry.jobs.work('published', 1, async ({ data }) => ran.resolve(data))
    assert.deepEqual(await ran.promise, { n: 1 })
    await registry.close()
    const left = await openPglite(directory)
    try {
      const ahead = await left.query(
        `select name from peerpress_jobs.queue where greatest(monitor_on, maintain_on) > now() + interval '1 day'
         union all select 'version' from peerpress_jobs.version where cron_on > now() + interval '1 day'`,
      )
      assert.deepEqual(ahead, [])
    } finally {
      await left.close()
    }
  })

  test('is reported once by a running registry, and jobs run at once', async (t: TestContext) => {
    const now = Date.now
    let ahead = 400 * day
    Date.now = () => now() + ahead
    t.after(() => {
      Date.now = now
    })
    const notices: string[] = []
    const registry = await openRegistry({
      directory: join(directory, 'running'),
      onNotice: (notice) => notices.push(notice),
    })
    t.after(() => registry.close())
    const waiting = new Map<unknown, () => void>()
    await registry.jobs.work('published', 1, async ({ data }) => {
      waiting.get((data as { n: number }).n)?.()
    })
    const runs = async (n: number) => {
      const ran = Promise.withResolvers<void>()
      waiting.set(n, () => ran.resolve())
      await registry.jobs.enqueue({ name: 'published', key: `post-${n}`, data: { n } })
      await ran.promise
    }
    await runs(1)
    ahead = 0
    await runs(2)
    // What the watch would do within a second, or at the first warning of the engine's alarm.
    process.emit('warning', Object.assign(new Error('long'), { name: 'TimeoutOverflowWarning' }))
    await runs(3)
    assert.equal(notices.length, 1)
    assert.match(notices[0] ?? '', /^the clock was set back by 576000 minutes/)
  })

  test('leaves the engine no alarm beyond the reach of Node’s timers', async (t: TestContext) => {
    const { setTimeout: set } = globalThis
    const { now } = Date
    let ahead = 400 * day
    Date.now = () => now() + ahead
    /** What the engine set last, in place of a timer. */
    let alarm = { ms: 0, fire: (): unknown => assert.fail('there is no alarm') }
    globalThis.setTimeout = ((fire: () => void, ms: number) => {
      if (ms <= 5000) return set(fire, ms)
      alarm = { ms, fire }
      return set(() => undefined, 0)
    }) as typeof set
    const database = await openPglite(join(directory, 'alarmed'))
    t.after(async () => {
      globalThis.setTimeout = set
      Date.now = now
      await database.close()
    })
    await database.query('create table written (n int)')
    for (let n = 0; n < 3; n++) await database.query('insert into written values (1)')
    ahead = 0
    alarm.fire()
    assert.ok(alarm.ms > 2 ** 31, 'the engine goes by the clock of before')
    await database.clockWasSetBack()
    const { fire } = alarm
    alarm = { ms: 0, fire }
    fire()
    assert.ok(alarm.ms < 2 ** 31, `an alarm ${alarm.ms} ms ahead`)
  })
})
