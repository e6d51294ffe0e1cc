import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publication, type SuiteContext } from '../suite.testing.ts'
import { maxNoteLength, timelineKinds } from './timeline.ts'

export function describeTimeline(context: SuiteContext): void {
  describe('the timeline', () => {
    const all = (site: string) =>
      context
        .registry()
        .timeline.between(site, { from: new Date(0), to: new Date(8.64e15), kinds: timelineKinds }, 100)

    test('publications, changes of the policy, releases and notes of a site are in it, latest first', async () => {
      const { posts, releases, sites, timeline } = context.registry()
      const { id } = (await context.site('timeline')).site
      await posts.record(publication(id, 1, ['a']))
      context.advance(1000)
      await sites.setPolicy(id, { mode: 'full', consent: 'assumed' }, new Date(context.now()))
      await sites.setPolicy(id, { mode: 'off', consent: 'assumed' }, new Date(context.now()))
      context.advance(1000)
      const release = { component: 'PeerPress', version: '0.2.0', releasedAt: new Date(context.now()) }
      await releases.record(id, release)
      await releases.record(id, { ...release, releasedAt: new Date(context.now() + 1) })
      context.advance(1000)
      await posts.record({ ...publication(id, 2, []), revoked: true })
      const note = await timeline.addNote({ site: id, at: new Date(5), text: 'Sale', author: null })
      const found = await all(id)
      assert.deepEqual(
        found.map(({ kind, subject, text }) => [kind, subject, text]),
        [
          ['revocation', '12', '2'],
          ['release', '0.2.0', 'PeerPress'],
          ['policy', 'off', 'assumed'],
          ['publication', '12', '1'],
          ['note', null, 'Sale'],
        ],
      )
      assert.deepEqual(found.at(-1), note)
      assert.deepEqual(
        (await timeline.ofPost(id, '12', 10)).map(({ kind }) => kind),
        ['revocation', 'publication'],
      )
    })

    test('a note can be removed and nothing else; a long one is cut', async () => {
      const { posts, timeline } = context.registry()
      const { id } = (await context.site('notes')).site
      await posts.record(publication(id, 1, []))
      const text = `${'x'.repeat(maxNoteLength + 5)}\0`
      const note = await timeline.addNote({ site: id, at: new Date(5), text, author: 'somebody' })
      assert.equal(note?.text?.length, maxNoteLength)
      for (const entry of await all(id)) {
        assert.equal(await timeline.removeNote(entry.id), entry.kind === 'note')
      }
      assert.deepEqual(
        (await all(id)).map(({ kind }) => kind),
        ['publication'],
      )
      assert.equal(await timeline.get(note?.id ?? ''), null)
      assert.equal(
        await timeline.addNote({ site: '0'.repeat(16), at: new Date(5), text: '', author: null }),
        null,
      )
    })
  })
}
