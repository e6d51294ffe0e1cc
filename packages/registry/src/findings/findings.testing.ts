import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

/** Findings, whatever database they are in. */
export function describeFindings(context: SuiteContext): void {
  describe('findings', () => {
    const finding = (subject: string, effect: number, score = effect) => ({
      rule: 'lagging-region',
      subject,
      content: { sentence: `"${subject}"`, figures: [1, null] },
      effect,
      score,
    })
    const record = (site: string, ...findings: ReturnType<typeof finding>[]) =>
      context.registry().findings.record({ site, regions: { regions: [] }, findings, worse: 1.5 })
    const listed = async (site: string) =>
      (await context.registry().findings.list(site)).map(({ subject, dismissedAt }) => [subject, dismissedAt])

    test('an analysis replaces the one before it; a finding that stays has the time when it was first found', async () => {
      const { findings } = context.registry()
      const { site } = await context.site('findings')
      assert.equal(await findings.analysis(site.id), null)
      assert.equal(await record(site.id, finding('DE', 0.2), finding('FR', 0.3)), true)
      const first = new Date(context.now())
      context.advance(86_400_000)
      await record(site.id, finding('IT', 0.1), finding('DE', 0.4))
      const second = new Date(context.now())
      assert.deepEqual(await findings.analysis(site.id), { analysedAt: second, regions: { regions: [] } })
      const times = { lastFoundAt: second, dismissedAt: null, site: site.id }
      assert.deepEqual(await findings.list(site.id), [
        { ...finding('DE', 0.4), ...times, firstFoundAt: first },
        { ...finding('IT', 0.1), ...times, firstFoundAt: second },
      ])
      assert.equal((await findings.get(site.id, 'lagging-region', 'IT'))?.effect, 0.1)
      assert.equal(await findings.get(site.id, 'lagging-region', 'FR'), null)
    })

    test('a dismissed finding stays dismissed until it is clearly worse, even if it was gone meanwhile', async () => {
      const { findings } = context.registry()
      const { site } = await context.site('findings-dismissed')
      const key = { site: site.id, rule: 'lagging-region', subject: 'DE' }
      await record(site.id, finding('DE', 0.2))
      const at = new Date(context.now())
      assert.deepEqual((await findings.dismiss(key, true))?.dismissedAt, at)
      await record(site.id, finding('DE', 0.29))
      assert.deepEqual(await listed(site.id), [['DE', at]])
      await record(site.id)
      assert.deepEqual(await listed(site.id), [])
      assert.equal(await findings.dismiss(key, true), null)
      await record(site.id, finding('DE', 0.25))
      assert.deepEqual(await listed(site.id), [['DE', at]])
      await record(site.id, finding('DE', 0.31))
      assert.deepEqual(await listed(site.id), [['DE', null]])
      // The dismissal has ended: a smaller effect does not bring it back.
      await record(site.id, finding('DE', 0.1))
      assert.deepEqual(await listed(site.id), [['DE', null]])
    })

    test('a dismissal can be taken back, and is forgotten a year after the finding was gone', async () => {
      const { findings } = context.registry()
      const { site } = await context.site('findings-again')
      const key = { site: site.id, rule: 'lagging-region', subject: 'DE' }
      await record(site.id, finding('DE', 0.2))
      await findings.dismiss(key, true)
      assert.equal((await findings.dismiss(key, false))?.dismissedAt, null)
      await findings.dismiss(key, true)
      context.advance(370 * 86_400_000)
      await record(site.id)
      await record(site.id, finding('DE', 0.2))
      assert.deepEqual(await listed(site.id), [['DE', null]])
    })

    test('findings are removed with their site, and an impossible key finds nothing', async () => {
      const { findings, sites } = context.registry()
      const { site } = await context.site('findings-gone')
      await record(site.id, finding('DE', 0.2))
      for (const wrong of ['\0', '\ud800']) {
        assert.equal(await findings.get(site.id, wrong, 'DE'), null)
        assert.equal(await findings.get(wrong, 'lagging-region', 'DE'), null)
        assert.equal(await findings.dismiss({ site: site.id, rule: wrong, subject: 'DE' }, true), null)
      }
      await sites.remove(site.id)
      assert.deepEqual([await findings.list(site.id), await findings.analysis(site.id)], [[], null])
      assert.equal(await record(site.id, finding('DE', 0.2)), false)
    })
  })
}
