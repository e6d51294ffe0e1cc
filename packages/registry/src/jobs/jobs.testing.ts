import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Registry } from '../open-registry.ts'
import type { SuiteContext } from '../suite.testing.ts'

export function describeJobs(context: SuiteContext): void {
  describe('events and jobs', () => {
    test('an event that arrives many times at once is claimed once, and its job runs once', async () => {
      const { id } = (await context.site('events')).site
      const jobs = collectJobs(context.registry(), 'claimed')
      const job = { name: 'claimed', key: 'one', data: { n: 1 } }
      await context.registry().jobs.work('claimed', 1, jobs.handler)
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => context.registry().events.claim(id, 'evt_1', job)),
      )
      assert.equal(claims.filter(Boolean).length, 1)
      assert.equal(await context.registry().events.claim(id, 'evt_1', job), false)
      await context.registry().events.claim(id, 'evt_2', { ...job, key: 'last', data: { n: 2 } })
      await jobs.until(({ n }) => n === 2)
      assert.deepEqual(jobs.seen, [{ n: 1 }, { n: 2 }])
    })

    test('the same event id of another site is another event', async () => {
      const [a, b] = [await context.site('event-a'), await context.site('event-b')]
      const job = { name: 'unworked', key: 'k', data: {} }
      assert.equal(await context.registry().events.claim(a.site.id, 'evt', job), true)
      assert.equal(await context.registry().events.claim(b.site.id, 'evt', job), true)
    })

    test('an event whose job cannot be enqueued is not claimed', async () => {
      const { id } = (await context.site('atomic')).site
      const cyclic: { self?: object } = {}
      cyclic.self = cyclic
      await assert.rejects(
        context.registry().events.claim(id, 'evt', { name: 'unworked', key: 'k2', data: cyclic }),
      )
      assert.equal(
        await context.registry().events.claim(id, 'evt', { name: 'unworked', key: 'k2', data: {} }),
        true,
      )
    })

    test('a waiting job is replaced by the next job with its key', async () => {
      const jobs = collectJobs(context.registry(), 'replaced')
      await context.registry().jobs.enqueue({ name: 'replaced', key: 'post', data: { n: 1 } })
      await context.registry().jobs.enqueue({ name: 'replaced', key: 'post', data: { n: 2 } })
      await context.registry().jobs.enqueue({ name: 'replaced', key: 'other', data: { n: 3 } })
      await context.registry().jobs.work('replaced', 1, jobs.handler)
      await jobs.until(({ n }) => n === 3)
      assert.deepEqual(jobs.seen, [{ n: 2 }, { n: 3 }])
    })

    test('jobs of one key never run at the same time', async () => {
      let running = 0
      let most = 0
      const jobs = collectJobs(context.registry(), 'serial')
      const first = Promise.withResolvers<void>()
      await context.registry().jobs.work('serial', 3, async (job) => {
        most = Math.max(most, ++running)
        if ((job.data as { n: number }).n === 1) await first.promise
        running--
        await jobs.handler(job)
      })
      await context.registry().jobs.enqueue({ name: 'serial', key: 'post', data: { n: 1 } })
      await context.registry().jobs.enqueue({ name: 'serial', key: 'free', data: { n: 2 } })
      await jobs.until(({ n }) => n === 2)
      most = 0
      await context.registry().jobs.enqueue({ name: 'serial', key: 'post', data: { n: 3 } })
      first.resolve()
      await jobs.until(({ n }) => n === 3)
      assert.equal(most, 1)
    })

    test('a group whose job does not end leaves other workers to other groups', async () => {
      const jobs = collectJobs(context.registry(), 'shared')
      const slow = Promise.withResolvers<void>()
      const running: number[] = []
      await context.registry().jobs.work('shared', 2, async (job) => {
        const { n } = job.data as { n: number }
        running.push(n)
        if (n < 10) await slow.promise
        await jobs.handler(job)
      })
      for (const n of [1, 2, 3]) {
        await context
          .registry()
          .jobs.enqueue({ name: 'shared', key: `slow ${n}`, group: 'slow', data: { n } })
      }
      await context.registry().jobs.enqueue({ name: 'shared', key: 'other', group: 'other', data: { n: 10 } })
      await jobs.until(({ n }) => n === 10)
      assert.equal(running.filter((n) => n < 10).length, 1)
      slow.resolve()
      for (const each of [1, 2, 3]) await jobs.until(({ n }) => n === each)
    })

    test('an urgent job waits neither for its group nor for workers, and runs before waiting jobs', async () => {
      const jobs = collectJobs(context.registry(), 'urgent')
      const slow = Promise.withResolvers<void>()
      const began = Promise.withResolvers<void>()
      await context.registry().jobs.work('urgent', 1, async (job) => {
        if ((job.data as { n: number }).n === 1) {
          began.resolve()
          await slow.promise
        }
        await jobs.handler(job)
      })
      const enqueue = (n: number, isUrgent: boolean) =>
        context.registry().jobs.enqueue({ name: 'urgent', key: `${n}`, group: 'site', data: { n }, isUrgent })
      await enqueue(1, false)
      await began.promise
      for (const n of [2, 3]) await enqueue(n, false)
      await enqueue(4, true)
      await jobs.until(({ n }) => n === 4)
      assert.deepEqual(jobs.seen, [{ n: 4 }])
      slow.resolve()
      for (const each of [1, 2, 3]) await jobs.until(({ n }) => n === each)
    })

    test('groups take turns, however many jobs one of them enqueued first', async () => {
      const jobs = collectJobs(context.registry(), 'turns')
      const enqueue = (group: string, n: number) =>
        context.registry().jobs.enqueue({ name: 'turns', key: `${group} ${n}`, group, data: { n } })
      for (const n of [1, 2, 3, 4]) await enqueue('many', n)
      for (const n of [11, 12]) await enqueue('few', n)
      await enqueue('many', 1)
      await context.registry().jobs.work('turns', 1, jobs.handler)
      await jobs.until(({ n }) => n === 4)
      const order = jobs.seen.map(({ n }) => n)
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        [1, 2, 3, 4, 11, 12],
      )
      assert.ok(order.indexOf(11) < order.indexOf(3), order.join())
      assert.ok(order.indexOf(12) < order.indexOf(4), order.join())
    })

    // Four workers that polled once a second would take 25 s.
    test(
      'the jobs of one group follow each other without waiting for polls',
      { timeout: 90_000 },
      async () => {
        const count = 100
        const { jobs } = context.registry()
        const enqueued = Array.from({ length: count }, (_, n) =>
          jobs.enqueue({ name: 'queued', key: `post ${n}`, group: 'site', data: { n } }),
        )
        await Promise.all(enqueued)
        const done = Promise.withResolvers<void>()
        let runs = 0
        await jobs.work('queued', 4, async () => {
          if (++runs === count) done.resolve()
        })
        await done.promise
      },
    )

    test('a job whose handler throws runs again, and counts its attempts', async () => {
      const jobs = collectJobs(context.registry(), 'failing')
      const attempts: number[] = []
      await context.registry().jobs.work('failing', 1, async (job) => {
        attempts.push(job.attempt)
        if (attempts.length === 1) throw new Error('not yet')
        await jobs.handler(job)
      })
      await context.registry().jobs.enqueue({ name: 'failing', key: 'k', data: { n: 1 } })
      await jobs.until(({ n }) => n === 1)
      assert.deepEqual(attempts, [0, 1])
    })

    test('jobs continue after a stop and a start', async () => {
      const jobs = collectJobs(context.registry(), 'restarted')
      const work = () => context.registry().jobs.work('restarted', 1, jobs.handler)
      await work()
      await context.registry().jobs.stop()
      await context.registry().jobs.enqueue({ name: 'restarted', key: 'k', data: { n: 1 } })
      await work()
      await jobs.until(({ n }) => n === 1)
    })
  })
}

interface Numbered {
  readonly n: number
}

function collectJobs(registry: Registry, name: string) {
  const seen: Numbered[] = []
  const waiting: (() => void)[] = []
  return {
    seen,
    handler: async ({ data }: { readonly data: unknown }) => {
      seen.push(data as Numbered)
      for (const wake of waiting.splice(0)) wake()
    },
    until: async (isIt: (job: Numbered) => boolean) => {
      while (!seen.some(isIt)) await new Promise<void>((resolve) => waiting.push(resolve))
      assert.equal(registry.jobs.errorCount(), 0, name)
    },
  }
}
