import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

/** Imported search figures, whatever database they are in. */
export function describeSearchExports(context: SuiteContext): void {
  describe('search exports', () => {
    const recent = { firstDay: '2025-12-01', lastDay: '2025-12-28' }
    const earlier = { firstDay: '2025-06-16', lastDay: '2025-11-30' }
    const germany = { country: 'DE', clicks: 12, impressions: 3_000_000_000, position: 4.25 }
    const unknown = { country: 'ZZ', clicks: 0, impressions: 0, position: null }

    test('exports are recorded together, and read back by period', async () => {
      const { searchExports } = context.registry()
      const { site } = await context.site('exports')
      const exports = [
        { ...recent, countries: [germany, unknown] },
        { ...earlier, countries: [germany] },
      ]
      assert.equal(await searchExports.record(site.id, exports), true)
      const importedAt = new Date(context.now())
      assert.deepEqual(await searchExports.list(site.id), [
        { ...recent, importedAt },
        { ...earlier, importedAt },
      ])
      assert.deepEqual(await searchExports.countries(site.id, recent), [germany, unknown])
      const never = { firstDay: '2024-01-01', lastDay: '2024-01-02' }
      assert.deepEqual(await searchExports.countries(site.id, never), [])
    })

    test('an export of the same days replaces the one before it', async () => {
      const { searchExports } = context.registry()
      const { site } = await context.site('exports-again')
      await searchExports.record(site.id, [{ ...recent, countries: [germany, unknown] }])
      context.advance(1000)
      await searchExports.record(site.id, [{ ...recent, countries: [{ ...germany, clicks: 13 }] }])
      assert.deepEqual(await searchExports.countries(site.id, recent), [{ ...germany, clicks: 13 }])
      assert.deepEqual(await searchExports.list(site.id), [
        { ...recent, importedAt: new Date(context.now()) },
      ])
    })

    test('exports are removed with their site, after three years, and none is stored for another site', async () => {
      const { searchExports, sites } = context.registry()
      const { site } = await context.site('exports-gone')
      const old = { firstDay: '2022-06-01', lastDay: '2022-12-27', countries: [germany] }
      await searchExports.record(site.id, [{ ...recent, countries: [germany] }, old])
      await context.registry().forgetOld()
      assert.equal((await searchExports.list(site.id)).length, 1)
      assert.deepEqual(await searchExports.countries(site.id, old), [])
      await sites.remove(site.id)
      assert.deepEqual(await searchExports.list(site.id), [])
      assert.equal(await searchExports.record(site.id, [{ ...recent, countries: [] }]), false)
      assert.equal(await searchExports.record('\0', []), false)
    })
  })
}
