import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

const day = 86_400_000

/** Member sites and what they share, whatever database they are in. */
export function describeMemberSites(context: SuiteContext): void {
  describe('member sites', () => {
    const proof = (site: string, member: string) => ({
      site,
      member,
      domain: member,
      skeleton: `skeleton of ${member.slice(-11)}`,
      method: 'plugin',
    })

    test('a repeated proof leaves the time of the first; another member site begins anew', async () => {
      const { memberSites } = context.registry()
      const { id } = (await context.site('member-repeated')).site
      assert.equal(await memberSites.get(id), null)
      const joinedAt = new Date(context.now())
      const first = { ...proof(id, 'one.example'), joinedAt, provenAt: joinedAt, checkedAt: joinedAt }
      assert.deepEqual(await memberSites.record(proof(id, 'one.example')), { ...first, problem: null })
      context.advance(23 * day)
      await memberSites.fail(id, 'no\0 answer')
      const failed = { ...first, checkedAt: new Date(context.now()), problem: 'no answer' }
      assert.deepEqual(await memberSites.get(id), failed)
      const again = new Date(context.now())
      const repeated = { ...first, provenAt: again, checkedAt: again, problem: null }
      assert.deepEqual(await memberSites.record(proof(id, 'one.example')), repeated)
      context.advance(day)
      const other = await memberSites.record(proof(id, 'two.example'))
      assert.deepEqual(other?.joinedAt, new Date(context.now()))
      assert.equal(await memberSites.find('one.example'), null)
    })

    test('a domain that another site proves changes hands', async () => {
      const { memberSites } = context.registry()
      const [a, b] = [
        (await context.site('member-before')).site.id,
        (await context.site('member-after')).site.id,
      ]
      await memberSites.record(proof(a, 'sold.example'))
      context.advance(day)
      await memberSites.record(proof(b, 'sold.example'))
      assert.equal(await memberSites.get(a), null)
      const found = await memberSites.find('sold.example')
      assert.deepEqual([found?.site, found?.joinedAt], [b, new Date(context.now())])
      assert.equal(await memberSites.remove(b), true)
      assert.equal(await memberSites.remove(b), false)
    })

    test('old proofs are due, once a day', async () => {
      const { memberSites } = context.registry()
      const { id } = (await context.site('member-due')).site
      await memberSites.record(proof(id, 'due.example'))
      context.advance(23 * day)
      const due = async () => {
        const times = {
          provenBefore: new Date(context.now() - 22 * day),
          checkedBefore: new Date(context.now() - day / 2),
        }
        return (await memberSites.due(times)).some(({ site }) => site === id)
      }
      assert.equal(await due(), true)
      await memberSites.fail(id, 'no answer')
      assert.equal(await due(), false)
      context.advance(day)
      assert.equal(await due(), true)
    })

    test('member sites that look alike are named', async () => {
      const { memberSites } = context.registry()
      const members = ['alike.one.example', 'alike.xne.example', 'other.example']
      for (const member of members) {
        const { id } = (await context.site(`member-${member}`)).site
        const skeleton = member.startsWith('alike') ? 'alike.example' : member
        await memberSites.record({ ...proof(id, member), skeleton })
      }
      const [one = '', two = ''] = members
      assert.deepEqual(
        await memberSites.lookAlikes(members),
        new Map([
          [one, [two]],
          [two, [one]],
        ]),
      )
    })

    test('hostile ids and hosts find nothing', async () => {
      const { memberSites, sharedPosts } = context.registry()
      for (const text of ['\0', '\uD800', "'; drop table", '']) {
        assert.equal(await memberSites.get(text), null)
        assert.equal(await memberSites.find(text), null)
        assert.equal(await memberSites.record(proof(text, 'x.example')), null)
        assert.equal((await memberSites.lookAlikes([text])).size, 0)
        assert.equal(await sharedPosts.get(text), null)
        assert.deepEqual(await sharedPosts.list([text]), [])
        assert.equal(await sharedPosts.find(text, text), null)
      }
    })
  })

  describe('shared posts', () => {
    const shared = (id: string, site: string) => ({
      id: id.padEnd(16, '0'),
      site,
      post: '12',
      member: `${site}.example`,
      url: 'https://blog.example/?p=12',
      title: `Title "${id}"`,
      summary: '',
      language: 'de',
      region: null,
      topics: ['bread', 'a "quoted" one'],
      picture: null,
    })
    const publish = (site: string, version: number, revoked: boolean) =>
      context.registry().posts.record({
        site,
        post: '12',
        url: 'https://blog.example/?p=12',
        version,
        revoked,
        envelope: '{}',
        assets: [],
      })
    const join = (site: string) => {
      const member = `${site}.example`
      const proof = { site, member, domain: member, skeleton: member, method: 'file' }
      return context.registry().memberSites.record(proof)
    }

    test('a site shares a post once, and readers see it while it is published and its site is a member', async () => {
      const { sharedPosts, memberSites } = context.registry()
      const { id: site } = (await context.site('shared-posts')).site
      const post = shared('aa', site)
      const added = { ...post, sharedAt: new Date(context.now()) }
      assert.deepEqual(await sharedPosts.add(post), added)
      assert.equal(await sharedPosts.add(shared('ab', site)), null)
      const isPublic = async () => (await sharedPosts.get(post.id))?.isPublic
      assert.equal(await isPublic(), false)
      await publish(site, 1, false)
      await join(site)
      assert.deepEqual(await sharedPosts.get(post.id), { ...added, isPublic: true })
      assert.deepEqual(await sharedPosts.find(site, '12'), { ...added, isPublic: true })
      assert.deepEqual(await sharedPosts.of(site, 10), [{ ...added, isPublic: true }])
      await publish(site, 2, true)
      assert.equal(await isPublic(), false)
      await publish(site, 3, false)
      await memberSites.remove(site)
      assert.equal(await isPublic(), false)
      assert.deepEqual(await sharedPosts.removeOf(site), [post.id])
      assert.equal(await sharedPosts.get(post.id), null)
    })

    test('posts are listed in the order of their ids, and go with their site', async () => {
      const { sharedPosts, sites } = context.registry()
      const ids: string[] = []
      for (const name of ['ba', 'bb', 'bc']) {
        const { id: site } = (await context.site(`shared-${name}`)).site
        ids.unshift((await sharedPosts.add(shared(name, site)))?.id ?? '')
        if (name === 'bc') await sites.remove(site)
      }
      const found = await sharedPosts.list(ids)
      assert.deepEqual(
        found.map(({ id }) => id),
        ids.slice(1),
      )
      assert.equal(await sharedPosts.add(shared('bd', 'zzzzzzzzzzzzzzzz')), null)
    })
  })
}
