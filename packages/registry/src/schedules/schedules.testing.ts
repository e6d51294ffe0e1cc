import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

/** Repeating work, whatever database its schedule is in. */
export function describeSchedules(context: SuiteContext): void {
  describe('schedules', () => {
    const outcomeOf = async (name: string) => {
      for (;;) {
        const outcome = (await context.registry().schedules.outcomes()).find((each) => each.name === name)
        if (outcome?.endedAt != null) return outcome
        await new Promise((resolve) => setImmediate(resolve))
      }
    }

    test('a schedule runs when a server starts, and its outcome is recorded', async (t) => {
      const run = Promise.withResolvers<void>()
      const stop = await context
        .registry()
        .schedules.repeat({ name: 'suite.daily', cron: '0 3 * * *', run: async () => run.resolve() }, () =>
          assert.fail(),
        )
      t.after(stop)
      await run.promise
      const outcome = await outcomeOf('suite.daily')
      assert.equal(outcome.error, null)
      assert.equal(outcome.startedAt?.getTime(), context.now())
      assert.equal(outcome.succeededAt?.getTime(), context.now())
      const due = new Date(context.now())
      due.setUTCHours(3, 0, 0, 0)
      if (due.getTime() <= context.now()) due.setUTCDate(due.getUTCDate() + 1)
      assert.equal(outcome.dueAt?.getTime(), due.getTime())
    })

    test('a failed run is reported and recorded, and the last success stays', async (t) => {
      const { schedules } = context.registry()
      const name = 'suite.failing'
      const ran = Promise.withResolvers<void>()
      const once = { name, cron: '* * * * *', retries: 0 }
      const succeed = { ...once, run: async () => ran.resolve() }
      const stopFirst = await schedules.repeat(succeed, () => assert.fail())
      await ran.promise
      const { succeededAt } = await outcomeOf(name)
      await stopFirst()
      context.advance(60_000)
      const failed = Promise.withResolvers<unknown>()
      const fail = { ...once, run: () => Promise.reject(new Error('no disk\0')) }
      t.after(await schedules.repeat(fail, failed.resolve))
      assert.match(String(await failed.promise), /no disk/)
      const outcome = await outcomeOf(name)
      assert.equal(outcome.error, 'no disk')
      assert.deepEqual([outcome.succeededAt, outcome.endedAt?.getTime()], [succeededAt, context.now()])
    })

    test('a stop aborts the run, which has no outcome', async () => {
      const began = Promise.withResolvers<void>()
      const name = 'suite.stopped'
      const stop = await context.registry().schedules.repeat(
        {
          name,
          cron: '0 0 1 1 *',
          retries: 0,
          run: async (signal) => {
            began.resolve()
            await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          },
        },
        () => assert.fail(),
      )
      await began.promise
      await stop()
      const outcomes = await context.registry().schedules.outcomes()
      assert.equal(outcomes.find((each) => each.name === name)?.endedAt, null)
    })
  })
}
