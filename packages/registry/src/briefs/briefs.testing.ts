import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'
import type { BriefInput } from './briefs.ts'

/** Briefs, whatever database they are in. */
export function describeBriefs(context: SuiteContext): void {
  describe('briefs', () => {
    const brief = (subject: string, score: number): BriefInput => ({
      subject,
      kind: 'query-without-page',
      question: `What is ${subject}?`,
      readers: 'People who search for it',
      region: 'FR',
      language: 'fr',
      outline: [{ heading: subject, evidence: ['ev_0123456789abcdef'] }],
      titles: [{ text: subject, pixels: 40.5 }],
      descriptions: [],
      links: [{ post: '1', url: 'https://blog.example/1', title: 'One', score: 2.5 }],
      facts: [],
      update: [{ post: '1', advice: 'update', reason: 'It lost visits.' }],
      score,
      why: 'It is searched.',
    })
    const titles = async (site: string, day?: string) =>
      (await context.registry().briefs.list(site, day)).map(({ rank, question }) => [rank, question])

    test('a list of a day replaces that of the same day; those of earlier days stay', async () => {
      const { briefs } = context.registry()
      const { id } = (await context.site('briefs')).site
      assert.deepEqual([await briefs.list(id), await briefs.madeAt(id)], [[], null])
      assert.equal(await briefs.record(id, '2026-01-01', [brief('moss', 9), brief('roses', 5)]), true)
      const [moss] = await briefs.list(id)
      await briefs.record(id, '2026-01-02', [brief('moss', 3)])
      await briefs.record(id, '2026-01-02', [brief('roses', 8), brief('moss', 4)])
      assert.deepEqual(await titles(id), [
        [1, 'What is roses?'],
        [2, 'What is moss?'],
      ])
      assert.deepEqual(await titles(id, '2026-01-01'), [
        [1, 'What is moss?'],
        [2, 'What is roses?'],
      ])
      const { subject: _, ...content } = brief('moss', 9)
      assert.match(moss?.id ?? '', /^br_[\w-]{16}$/)
      assert.deepEqual(moss, { ...content, id: moss?.id, site: id, day: '2026-01-01', rank: 1 })
      assert.deepEqual(await briefs.get(id, moss?.id ?? ''), moss)
      assert.deepEqual(await briefs.madeAt(id), new Date(context.now()))
    })

    test('an empty list is a list, and a brief that left it can still be read', async () => {
      const { briefs } = context.registry()
      const { id } = (await context.site('briefs-none')).site
      await briefs.record(id, '2026-01-01', [brief('moss', 9)])
      const [moss] = await briefs.list(id)
      await briefs.record(id, '2026-01-01', [])
      assert.deepEqual(await briefs.list(id), [])
      assert.deepEqual(await briefs.get(id, moss?.id ?? ''), moss)
      await briefs.record(id, '2026-01-02', [])
      assert.deepEqual(await briefs.list(id), [])
    })

    test('they belong to their site alone, end with it, and an impossible id finds nothing', async () => {
      const { briefs, sites } = context.registry()
      const { id } = (await context.site('briefs-gone')).site
      const other = (await context.site('briefs-other')).site.id
      await briefs.record(id, '2026-01-01', [brief('moss', 9)])
      const [moss] = await briefs.list(id)
      assert.equal(await briefs.get(other, moss?.id ?? ''), null)
      for (const wrong of ['a\0b', '\ud800', '']) {
        assert.equal(await briefs.get(id, wrong), null)
        assert.equal(await briefs.record(wrong, '2026-01-01', []), false)
        assert.deepEqual(await briefs.list(wrong), [])
      }
      await sites.remove(id)
      assert.equal(await briefs.get(id, moss?.id ?? ''), null)
      assert.equal(await briefs.record(id, '2026-01-01', []), false)
    })

    test('they are forgotten after a year', async () => {
      const { briefs } = context.registry()
      const { id } = (await context.site('briefs-old')).site
      const day = (ago: number) => new Date(context.now() - ago * 86_400_000).toISOString().slice(0, 10)
      await briefs.record(id, day(370), [brief('moss', 9)])
      await briefs.record(id, day(300), [brief('roses', 9)])
      await context.registry().forgetOld()
      assert.deepEqual(await titles(id, day(370)), [])
      assert.equal((await briefs.list(id)).length, 1)
    })
  })
}
