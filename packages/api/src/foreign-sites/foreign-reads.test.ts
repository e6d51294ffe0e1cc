import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask } from '../api.testing.ts'
import { schema } from '../schema/schema.ts'
import { reachableFields } from '../schema/walk.testing.ts'
import { type ForeignSites, openForeignSites } from './foreign-sites.testing.ts'
import { marksOf, queriesOf } from './known-site.testing.ts'

suite('somebody of site B who reads', { timeout: 600_000 }, () => {
  let sites: ForeignSites

  before(async () => {
    sites = await openForeignSites()
  })
  after(() => sites.close())

  test('the walk selects every field that can be reached', () => {
    const { a, b } = sites
    const missing = [...reachableFields(schema)].filter((field) => !a.selected.has(field))
    assert.deepEqual(missing, [])
    const marks = marksOf(a, b)
    for (const mark of [
      'A finding of alpha.',
      'A title of alpha',
      'An approved title of alpha',
      'Evidence of alpha.',
      'upload of alpha',
      'A note of alpha',
      'A question of alpha?',
      'A claim about alpha.',
      'model of alpha',
      'The number of alpha is not there.',
      'Engine of alpha',
      'alpha',
      'owner@alpha.example.org',
      'token of alpha',
      'channel@alpha.example.org',
      'The site alpha does not answer.',
      'https://alpha.example.org/probed',
      'https://alpha.example.org/post/',
      'https://alpha.example.org/sitemap.xml',
    ]) {
      assert.ok(
        marks.some((text) => text.includes(mark)),
        `an administrator reads ${mark}`,
      )
    }
  })

  test('reads nothing of site A, whatever it asks for', async () => {
    const { a, feed, foreigners, opened, reading } = sites
    const marks = sites.secrets()
    for (const [name, principal] of foreigners) {
      for (const { root, text } of queriesOf(a, reading.other)) {
        const answer = await ask(opened.api, text, { viewer: principal })
        const found = JSON.stringify([answer.data ?? null, answer.errors])
        for (const mark of marks) assert.ok(!found.includes(mark), `${name} read ${mark} by ${text}`)
        const isPublic = [...(feed.ids.get('id') ?? [])].some((id) => text.includes(id))
        if (['site', 'node', 'nodes'].includes(root) && !isPublic) {
          assertEmpty(answer.data, `${name}: ${text}`)
        }
      }
    }
  })
})

/** Checks that an answer about another's site has no value at all. */
function assertEmpty(data: unknown, what: string): void {
  if (data == null) return
  for (const value of Object.values(data)) {
    assert.ok(value === null || (Array.isArray(value) && value.every((one) => one === null)), what)
  }
}
