import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'
import type { ProbeRecord } from './probe-outcomes.ts'

const dayMs = 86_400_000

/** The outcomes of probes, whatever database they are in. */
export function describeProbeOutcomes(context: SuiteContext): void {
  const outcome = (site: string, at: number, failure: ProbeRecord['failure'] = null): ProbeRecord => ({
    site,
    kind: 'http',
    url: 'https://blog.example/',
    at: new Date(at),
    ok: failure === null,
    failure,
    durationMs: 12.5,
    timings: { dns: 1, firstByte: 9.5 },
  })
  const failure = { code: 'timeout', message: 'no answer\0 in 10 s' }

  describe('outcomes of probes', () => {
    test('are recorded once and read newest first', async () => {
      const { probeOutcomes } = context.registry()
      const { id } = (await context.site('probed')).site
      const begin = context.now()
      for (const each of [outcome(id, begin), outcome(id, begin + 60_000, failure), outcome(id, begin)]) {
        await probeOutcomes.record(each)
      }
      const before = new Date(begin + 60_001)
      const latest = await probeOutcomes.latest(id, 'http', { limit: 5, before })
      const storedFailure = { code: 'timeout', message: 'no answer in 10 s' }
      assert.deepEqual(latest, [outcome(id, begin + 60_000, storedFailure), outcome(id, begin)])
      assert.deepEqual(await probeOutcomes.latest(id, 'browser', { limit: 5, before }), [])
      const early = await probeOutcomes.latest(id, 'http', { limit: 5, before: new Date(begin + 60_000) })
      assert.equal(early.length, 1)
      assert.deepEqual(await probeOutcomes.firstSuccess(id, 'http'), new Date(begin))
      assert.equal(await probeOutcomes.firstSuccess(id, 'browser'), null)
    })

    test('are counted by minute, and in a range that excludes its end', async () => {
      const { probeOutcomes } = context.registry()
      const { id } = (await context.site('counted-probes')).site
      const begin = Date.UTC(2026, 0, 3)
      for (const [ms, reason] of [
        [0, null],
        [20_000, failure],
        [120_000, failure],
        [180_000, null],
      ] as const) {
        await probeOutcomes.record(outcome(id, begin + ms, reason))
      }
      const range = { kind: 'http', from: new Date(begin), to: new Date(begin + 180_000) } as const
      assert.deepEqual(await probeOutcomes.minutes(id, range), [
        { start: new Date(begin), probes: 2, failures: 1 },
        { start: new Date(begin + 120_000), probes: 1, failures: 1 },
      ])
      assert.deepEqual(await probeOutcomes.count(id, range), { probes: 3, failures: 2 })
      assert.deepEqual(await probeOutcomes.count('nosuchsite000000', range), { probes: 0, failures: 0 })
    })

    test('older than 35 days are removed, except the first success of each kind', async () => {
      const { probeOutcomes } = context.registry()
      const { id } = (await context.site('pruned-probes')).site
      const begin = context.now() - 40 * dayMs
      for (const at of [begin, begin + dayMs, begin + 30 * dayMs]) await probeOutcomes.record(outcome(id, at))
      await probeOutcomes.prune()
      const left = await probeOutcomes.latest(id, 'http', { limit: 5, before: new Date(context.now()) })
      assert.deepEqual(
        left.map(({ at }) => at.getTime() - begin),
        [30 * dayMs, 0],
      )
    })

    test('of a site that was removed, or of an impossible id, are dropped', async () => {
      const { probeOutcomes } = context.registry()
      for (const site of ['nosuchsite000000', 'a\0b']) {
        await probeOutcomes.record(outcome(site, context.now()))
        assert.deepEqual(
          await probeOutcomes.latest(site, 'http', { limit: 1, before: new Date(context.now() + 1) }),
          [],
        )
      }
    })
  })
}
