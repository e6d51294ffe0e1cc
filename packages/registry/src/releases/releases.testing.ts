import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

/** Versions of the parts of sites, whatever database they are in. */
export function describeReleases(context: SuiteContext): void {
  describe('releases', () => {
    test('a version has the time when it was first seen, and texts of several lines are refused', async () => {
      const { releases } = context.registry()
      const { site } = await context.site('first-seen-versions')
      const first = { component: 'theme garden', version: '2.1', releasedAt: new Date(context.now()) }
      assert.equal(await releases.record(site.id, first), true)
      const later = new Date(context.now() + 5000)
      assert.equal(await releases.record(site.id, { ...first, releasedAt: later }), true)
      const second = { ...first, version: '2.2', releasedAt: later }
      await releases.record(site.id, second)
      assert.deepEqual(await releases.list(site.id, new Date(0)), [second, first])
      assert.deepEqual(await releases.list(site.id, later), [second])
      for (const wrong of ['', ' ', 'a\nb', '\0', '\u202ea', 'x'.repeat(101), '\ud800']) {
        assert.equal(await releases.record(site.id, { ...first, component: wrong }), false)
        assert.equal(await releases.record(site.id, { ...first, version: wrong }), false)
      }
      assert.equal(await releases.record('zzzzzzzzzzzzzzzz', first), false)
      assert.equal((await releases.list(site.id, new Date(0))).length, 2)
    })

    test('a site that reports versions without end has its latest thousand, and as many marks', async () => {
      const { releases, timeline } = context.registry()
      const { site } = await context.site('endless-versions')
      const start = context.now()
      for (let i = 0; i < 1010; i++) {
        await releases.record(site.id, {
          component: 'plugin endless',
          version: String(i),
          releasedAt: new Date(start + i),
        })
      }
      const range = {
        from: new Date(start - 1000),
        to: new Date(start + 10_000),
        kinds: ['release'] as const,
      }
      const marks = await timeline.between(site.id, range, 2000)
      assert.equal(marks.length, 1001)
      assert.equal(marks[0]?.subject, '1009')
    })
  })
}
