import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { refused, type SuiteContext } from '../suite.testing.ts'

const minute = 60_000
const day = 86_400_000

export function describeAccounts(context: SuiteContext): void {
  describe('accounts', () => {
    const add = async (email: string, site: string): Promise<string> => {
      const { welcomes } = context.registry()
      const hash = randomBytes(32)
      const link = { hash, expiresAt: new Date(context.now() + minute), actor: 'operator' }
      await welcomes.add({ kind: 'member', email, site, role: 'owner' }, link)
      const account = await welcomes.use(hash, { email, name: 'Name', password: 'a PHC string' })
      assert.ok(account)
      return account.id
    }

    test('a site that is removed takes its memberships, tokens and links along, and no account', async () => {
      const { accounts, apiTokens, memberships, sites, welcomes } = context.registry()
      const { id: site } = (await context.site('removed-members')).site
      const account = await add('member@removed.example', site)
      const token = { name: 'ci', account, scopes: ['report.read'], sites: [site], expiresAt: null }
      const { id } = await apiTokens.add({ ...token, hash: randomBytes(32) }, account)
      const hash = randomBytes(32)
      const expiresAt = new Date(context.now() + minute)
      const invited = { kind: 'member', email: 'b@removed.example', site, role: 'viewer' } as const
      await welcomes.add(invited, { hash, expiresAt, actor: account })
      assert.equal(await sites.remove(site), true)
      assert.deepEqual(await memberships.of(site), [])
      assert.deepEqual((await apiTokens.get(id))?.sites, [])
      assert.equal(await welcomes.get(hash), null)
      assert.equal((await accounts.get(account))?.closedAt, null)
    })

    test('a link of one use is used once, also by two at the same time', async () => {
      const { welcomes } = context.registry()
      const { id: site } = (await context.site('one-use')).site
      const hash = randomBytes(32)
      const link = { hash, expiresAt: new Date(context.now() + minute), actor: 'operator' }
      await welcomes.add({ kind: 'member', email: 'once@example.org', site, role: 'viewer' }, link)
      const uses = [1, 2].map(() =>
        welcomes.use(hash, { email: 'once@example.org', name: 'N', password: 'a PHC string' }),
      )
      assert.equal((await Promise.all(uses)).filter((account) => account !== null).length, 1)
    })

    test('attempts are limited by key: so many at once, one more after each interval', async () => {
      const { attemptLimits } = context.registry()
      const limit = { key: randomBytes(32), burst: 3, interval: minute }
      const take = () => attemptLimits.take(limit)
      assert.deepEqual([await take(), await take(), await take(), await take()], [0, 0, 0, minute])
      context.advance(minute - 1)
      assert.equal(await take(), 1)
      context.advance(1)
      assert.deepEqual([await take(), await take()], [0, minute])
      await attemptLimits.giveBack(limit)
      assert.equal(await take(), 0)
      assert.equal(await attemptLimits.take({ ...limit, key: randomBytes(32) }), 0)
      context.advance(day)
      assert.deepEqual([await take(), await take(), await take(), await take()], [0, 0, 0, minute])
      const both = { key: randomBytes(32), burst: 5, interval: minute }
      const outcomes = await Promise.all(Array.from({ length: 9 }, () => attemptLimits.take(both)))
      assert.equal(outcomes.filter((wait) => wait === 0).length, 5)
    })

    test('a clock that was set back refuses nobody until it has caught up', async () => {
      const { attemptLimits } = context.registry()
      const limit = { key: randomBytes(32), burst: 2, interval: minute }
      context.advance(365 * day)
      for (let i = 0; i < 3; i++) await attemptLimits.take(limit)
      context.advance(-365 * day)
      assert.deepEqual([await attemptLimits.take(limit), await attemptLimits.take(limit)], [0, 0])
      assert.equal(await attemptLimits.take(limit), minute)
    })

    test('links that a member made or got for a site end with its role, and no others', async () => {
      const { accounts, memberships, welcomes } = context.registry()
      const { id: site } = (await context.site('left-links')).site
      const { id: other } = (await context.site('other-links')).site
      const member = await add('left@links.example', site)
      const stays = await add('stays@links.example', site)
      const link = async (email: string, of: string, actor: string) => {
        const hash = randomBytes(32)
        const expiresAt = new Date(context.now() + minute)
        await welcomes.add({ kind: 'member', email, site: of, role: 'owner' }, { hash, expiresAt, actor })
        return hash
      }
      const lost = [
        await link('friend@links.example', site, member),
        await link('left@links.example', site, stays),
      ]
      const kept = [
        await link('colleague@links.example', site, stays),
        await link('friend@links.example', other, 'operator'),
      ]
      const found = async (hashes: readonly Buffer[]) =>
        (await Promise.all(hashes.map((hash) => welcomes.get(hash)))).filter((welcome) => welcome !== null)
          .length
      await memberships.setRole({ site, account: member }, 'editor', stays)
      assert.deepEqual([await found(lost), await found(kept)], [0, 2])
      await memberships.setRole({ site, account: member }, 'owner', stays)
      lost[0] = await link('friend@links.example', site, member)
      await memberships.remove({ site, account: member }, stays)
      assert.deepEqual([await found(lost), await found(kept)], [0, 2])
      await accounts.close(stays, stays)
      assert.deepEqual([await found(lost), await found(kept)], [0, 1])
    })

    test('an owner who accepts a lower role has no tokens of an owner left', async () => {
      const { apiTokens, memberships, welcomes } = context.registry()
      const { id: site } = (await context.site('lowered')).site
      const account = await add('lowered@example.org', site)
      const token = { name: 'ci', account, scopes: ['site.configure'], sites: [site], expiresAt: null }
      const { id } = await apiTokens.add({ ...token, hash: randomBytes(32) }, account)
      const hash = randomBytes(32)
      const link = { hash, expiresAt: new Date(context.now() + minute), actor: 'operator' }
      await welcomes.add({ kind: 'member', email: 'lowered@example.org', site, role: 'viewer' }, link)
      await welcomes.use(hash, { id: account })
      assert.equal((await memberships.of(site))[0]?.role, 'viewer')
      assert.deepEqual((await apiTokens.get(id))?.sites, [])
    })

    test('no token is added for an account that was closed or lost its role in the meantime', async () => {
      const { accounts, apiTokens, memberships } = context.registry()
      const { id: site } = (await context.site('late-tokens')).site
      const account = await add('late@example.org', site)
      const token = () =>
        apiTokens.add(
          {
            name: 'ci',
            account,
            scopes: ['report.read'],
            sites: [site],
            expiresAt: null,
            hash: randomBytes(32),
          },
          account,
        )
      await token()
      await memberships.setRole({ site, account }, 'editor', 'operator')
      await refused('not-owner', token())
      await memberships.setRole({ site, account }, 'owner', 'operator')
      const both = await Promise.allSettled([
        ...[1, 2, 3].map(token),
        accounts.close(account, account),
        token(),
      ])
      assert.equal(both[3]?.status, 'fulfilled')
      await refused('not-owner', token())
      assert.deepEqual(await apiTokens.of(site), [])
    })

    test('no link is added for an account that was closed or lost its role in the meantime', async () => {
      const { accounts, memberships, welcomes } = context.registry()
      const { id: site } = (await context.site('late-links')).site
      const account = await add('inviting@example.org', site)
      const invite = async (hash = randomBytes(32)) => {
        const link = { hash, expiresAt: new Date(context.now() + minute), actor: account }
        await welcomes.add({ kind: 'member', email: 'guest@example.org', site, role: 'owner' }, link)
        return hash
      }
      const [sent, unsent] = [await invite(), await invite()]
      await welcomes.cancel(unsent, account)
      assert.deepEqual([(await welcomes.get(sent))?.kind, await welcomes.get(unsent)], ['member', null])
      await memberships.setRole({ site, account }, 'editor', 'operator')
      await refused('not-owner', invite())
      await memberships.setRole({ site, account }, 'owner', 'operator')
      const raced = randomBytes(32)
      await Promise.allSettled([invite(), accounts.close(account, account), invite(raced)])
      await refused('not-owner', invite())
      assert.deepEqual([await welcomes.invitations(site), await welcomes.get(raced)], [[], null])
    })

    test('ended sessions, links and attempts are removed, and what holds stays', async () => {
      const { attemptLimits, sessions, welcomes } = context.registry()
      const { id: site } = (await context.site('forgotten')).site
      const account = await add('forgotten@example.org', site)
      const [ended, kept] = [randomBytes(32), randomBytes(32)]
      await sessions.begin({
        hash: ended,
        account,
        replaced: null,
        network: '192.0.2.0/24',
        proof: { way: 'link' },
      })
      const links = [ended, kept].map((hash, i) => ({
        hash,
        expiresAt: new Date(context.now() + (i === 0 ? 7 : 9) * day),
        actor: 'operator',
      }))
      for (const link of links) await welcomes.add({ kind: 'password', email: 'forgotten@example.org' }, link)
      await attemptLimits.take({ key: ended, burst: 1, interval: minute })
      context.advance(8 * day)
      await sessions.begin({
        hash: kept,
        account,
        replaced: null,
        network: '192.0.2.0/24',
        proof: { way: 'link' },
      })
      await context.registry().forgetOld()
      assert.deepEqual([await sessions.find(ended), await welcomes.get(ended)], [null, null])
      assert.equal((await sessions.find(kept))?.account.id, account)
      assert.equal((await welcomes.get(kept))?.kind, 'password')
    })

    test('changes are in the log with their actors, those of a site for itself', async () => {
      const { audit, memberships } = context.registry()
      const { id: site } = (await context.site('logged')).site
      const account = await add('logged@example.org', site)
      context.advance(1)
      await memberships.setRole({ site, account }, 'viewer', 'operator')
      context.advance(1)
      await memberships.remove({ site, account }, account)
      const events = await audit.list({ site, limit: 2 })
      assert.deepEqual(
        events.map(({ actor, action, subject }) => [actor, action, subject]),
        [
          [account, 'member.removed', account],
          ['operator', 'member.set', account],
        ],
      )
      assert.ok((await audit.list({ limit: 500 })).some((event) => event.site !== site))
    })

    test('an impossible id is not found and causes no error', async () => {
      const { accounts, apiTokens, memberships } = context.registry()
      for (const id of ['', '\0', 'x'.repeat(16_000), '\ud800']) {
        assert.equal(await accounts.get(id), null)
        assert.equal(await accounts.close(id, 'operator'), 'unknown')
        const forms = { former: 'a PHC string', next: 'another one' }
        assert.equal(await accounts.changePassword(id, forms, 'operator'), false)
        assert.equal(await memberships.remove({ site: id, account: id }, 'operator'), false)
        assert.equal(await memberships.setRole({ site: id, account: id }, 'owner', 'operator'), null)
        assert.deepEqual([await memberships.of(id), await apiTokens.of(id)], [[], []])
        assert.deepEqual([await apiTokens.get(id), await apiTokens.revoke(id, 'operator')], [null, false])
        assert.equal(await apiTokens.hasDerivedSeedTokens(id), false)
      }
    })
  })
}
