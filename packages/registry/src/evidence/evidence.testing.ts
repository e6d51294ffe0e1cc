import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused, type SuiteContext } from '../suite.testing.ts'
import { evidenceItem, type EvidenceItem } from './evidence-item.ts'

/** Evidence, uploads, texts of pages and search queries, whatever database they are in. */
export function describeEvidence(context: SuiteContext): void {
  const siteOf = async (path: string) => (await context.site(path)).site.id
  const fact = (site: string, text: string, more: Partial<EvidenceItem> = {}): EvidenceItem =>
    evidenceItem({
      site,
      source: 'finding',
      date: '2026-01-01',
      region: null,
      language: 'en',
      post: null,
      title: null,
      text,
      url: null,
      ...more,
    })

  describe('evidence', () => {
    test('the same fact has the same id, another date or text another', () => {
      const one = fact('abcdefgh01234567', 'Moss grows.')
      assert.match(one.id, /^ev_[\w-]{16}$/)
      assert.equal(fact('abcdefgh01234567', 'Moss grows.').id, one.id)
      assert.notEqual(fact('abcdefgh01234567', 'Moss grows.', { date: '2026-01-02' }).id, one.id)
      assert.notEqual(fact('abcdefgh01234567', 'Moss grew.').id, one.id)
    })

    test('an item is current until its source is recorded without it, and can be cited for a year', async () => {
      const { evidence } = context.registry()
      const id = await siteOf('evidence')
      const old = fact(id, 'old')
      const query = fact(id, 'query', { source: 'query', date: '2026-01-03' })
      assert.equal(await evidence.record(id, ['finding', 'query'], [old, query, old]), true)
      const fresh = fact(id, 'new', { date: '2026-01-02' })
      await evidence.record(id, ['finding'], [fresh])
      assert.deepEqual(await evidence.list(id), [query, fresh])
      assert.deepEqual(await evidence.get(id, [old.id, 'ev_', 'a\0b', query.id]), [old, query])
      context.advance(367 * 86_400_000)
      await evidence.prune()
      assert.deepEqual(await evidence.get(id, [old.id, query.id]), [query])
      await evidence.record(id, ['finding'], [old])
      assert.deepEqual(await evidence.list(id, { sources: ['finding'] }), [old])
    })

    test('is listed by source, post and region with its subdivisions', async () => {
      const { evidence } = context.registry()
      const id = await siteOf('evidence-filter')
      const all = [
        fact(id, 'a', { region: 'FR' }),
        fact(id, 'b', { region: 'FR-BRE', source: 'query' }),
        fact(id, 'c', { region: 'DE', post: '7' }),
      ]
      await evidence.record(id, ['finding', 'query'], all)
      const texts = async (filter: object) =>
        (await evidence.list(id, filter)).map(({ text }) => text).toSorted()
      assert.deepEqual(await texts({ region: 'FR' }), ['a', 'b'])
      assert.deepEqual(await texts({ region: 'FR-BRE' }), ['b'])
      assert.deepEqual(await texts({ post: '7' }), ['c'])
      assert.deepEqual(await texts({ sources: ['query'] }), ['b'])
      assert.deepEqual(await texts({ region: 'F\0' }), [])
    })

    test('belongs to its site alone and ends with it', async () => {
      const { evidence, sites } = context.registry()
      const [id, other] = [await siteOf('evidence-one'), await siteOf('evidence-two')]
      const one = fact(id, 'mine')
      await evidence.record(id, ['finding'], [one])
      assert.deepEqual([await evidence.list(other), await evidence.get(other, [one.id])], [[], []])
      await sites.remove(id)
      assert.deepEqual(await evidence.get(id, [one.id]), [])
      assert.equal(await evidence.record(id, ['finding'], [one]), false)
      assert.equal(await evidence.record('a\0b', ['finding'], []), false)
    })
  })

  describe('uploads', () => {
    const input = (site: string, ...texts: string[]) => ({
      site,
      name: 'notes.txt',
      kind: 'text' as const,
      uploadedBy: 'Ada',
      items: texts.map((text) => fact(site, text, { source: 'upload' })),
    })

    test('are stored with their items, which no other source replaces, and removed with them', async () => {
      const { evidence, uploads } = context.registry()
      const id = await siteOf('uploads')
      const upload = await uploads.add(input(id, 'one', 'two'))
      assert.deepEqual(upload, {
        id: upload.id,
        site: id,
        name: 'notes.txt',
        kind: 'text',
        uploadedAt: new Date(context.now()),
        uploadedBy: 'Ada',
        items: 2,
      })
      await evidence.record(id, ['upload', 'finding'], [])
      assert.equal((await evidence.list(id)).length, 2)
      assert.deepEqual(await uploads.list(id), [upload])
      assert.equal(await uploads.remove(await siteOf('uploads-other'), upload.id), null)
      assert.deepEqual(await uploads.remove(id, upload.id), upload)
      assert.equal(await uploads.remove(id, upload.id), null)
      assert.deepEqual([await uploads.list(id), await evidence.list(id)], [[], []])
    })

    test('are limited in number and items, also at once', async () => {
      const { uploads } = context.registry()
      const id = await siteOf('uploads-many')
      const many = Array.from({ length: 1200 }, (_, i) => `row ${i}`)
      const added = await Promise.allSettled([
        uploads.add(input(id, ...many)),
        uploads.add(input(id, ...many.map((text) => `other ${text}`))),
      ])
      assert.deepEqual(added.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      for (let i = 1; i < 100; i++) await uploads.add(input(id))
      await refused('too-many-uploads', uploads.add(input(id)))
      await refused('unknown-site', uploads.add(input('nosuchsite000000')))
      await refused('unknown-site', uploads.add(input('a\0b')))
      for (const wrong of ['a\0b', '']) assert.equal(await uploads.remove(id, wrong), null)
    })
  })

  describe('texts of pages', () => {
    test('a failed fetch leaves the content of the last one', async () => {
      const { pageTexts } = context.registry()
      const id = await siteOf('page-texts')
      const content = {
        title: 'Moss',
        description: null,
        headline: 'Moss',
        language: 'en',
        sections: [{ heading: null, text: 'Moss "grows".' }],
      }
      const of = { site: id, post: '1', url: 'https://blog.example/1' }
      await pageTexts.record({ ...of, version: 1, failure: null, content })
      await pageTexts.record({ ...of, version: 2, failure: 'It is down.', content: null })
      await pageTexts.record({ ...of, post: '2', version: 1, failure: 'It is down.', content: null })
      const fetchedAt = new Date(context.now())
      const first = { ...of, version: 2, failure: 'It is down.', fetchedAt, content }
      assert.deepEqual(await pageTexts.get(id, '1'), first)
      assert.deepEqual(
        (await pageTexts.list(id)).map(({ post, content: found }) => [post, found === null]),
        [
          ['1', false],
          ['2', true],
        ],
      )
      await pageTexts.retain(id, ['1'])
      assert.deepEqual(await pageTexts.list(id), [first])
      await pageTexts.record({ ...of, site: 'nosuchsite000000', version: 1, failure: null, content })
      assert.equal(await pageTexts.get('nosuchsite000000', '1'), null)
      assert.equal(await pageTexts.get(id, 'a\0b'), null)
    })
  })

  describe('search queries', () => {
    test('the last export of each region is read; the same days replace it', async () => {
      const { searchQueries } = context.registry()
      const id = await siteOf('queries')
      const of = (query: string, impressions: number) => ({ query, clicks: 1, impressions, position: 3.5 })
      const old = { region: null, firstDay: '2025-11-01', lastDay: '2025-11-28', queries: [of('old', 9)] }
      const recent = { region: null, firstDay: '2025-12-01', lastDay: '2025-12-28' }
      const inFrance = { ...recent, region: 'FR', queries: [of('mousse', 5)] }
      await searchQueries.record(id, [old, { ...recent, queries: [of('wrong', 1)] }, inFrance])
      await searchQueries.record(id, [{ ...recent, queries: [of('roses', 20), of('moss', 30)] }])
      assert.deepEqual(await searchQueries.latest(id), [
        { ...recent, queries: [of('moss', 30), of('roses', 20)] },
        inFrance,
      ])
      context.advance(4 * 366 * 86_400_000)
      await searchQueries.forgetOld()
      assert.deepEqual(await searchQueries.latest(id), [])
      assert.equal(await searchQueries.record('nosuchsite000000', [inFrance]), false)
      assert.deepEqual(await searchQueries.latest('a\0b'), [])
    })
  })
}
