import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { input, refused, type SuiteContext } from '../suite.testing.ts'

const minute = 60_000

export function describeConnections(context: SuiteContext): void {
  describe('connections', () => {
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const begin = (url: string) =>
      context.registry().connections.begin({ ...input, url, returnUrl: `${url}/wp-admin/?a=1`, challenge })

    test('code and verifier register a new site once', async () => {
      const code = await begin('https://connect.example/blog')
      const connected = await context.registry().connections.redeem({ code, verifier })
      assert.equal(connected?.site.url, 'https://connect.example/blog/')
      assert.equal(await context.registry().sites.webhookSecret(connected.site.id), connected.webhookSecret)
      assert.equal(await context.registry().connections.redeem({ code, verifier }), null)
    })

    test('one of two concurrent redemptions gets the site', async () => {
      const code = await begin('https://connect-race.example')
      const both = await Promise.all(
        [1, 2].map(() => context.registry().connections.redeem({ code, verifier })),
      )
      assert.equal(both.filter((one) => one !== null).length, 1)
    })

    test('a wrong verifier gets nothing and uses up the code', async () => {
      const code = await begin('https://thief.example')
      assert.equal(await context.registry().connections.redeem({ code, verifier: `${verifier}x` }), null)
      assert.equal(await context.registry().connections.redeem({ code, verifier }), null)
    })

    test('a code expires after ten minutes', async () => {
      const [late, early] = [await begin('https://late.example'), await begin('https://early.example')]
      context.advance(10 * minute - 1)
      assert.notEqual(await context.registry().connections.redeem({ code: early, verifier }), null)
      context.advance(1)
      assert.equal(await context.registry().connections.redeem({ code: late, verifier }), null)
    })

    test('a site connected again stays the same site, with a new secret and the new consent', async () => {
      const connect = async (consent: 'assumed' | 'required') => {
        const request = {
          ...input,
          consent,
          challenge,
          url: 'https://again.example',
          returnUrl: 'https://again.example/',
        }
        return context
          .registry()
          .connections.redeem({ code: await context.registry().connections.begin(request), verifier })
      }
      const first = await connect('assumed')
      assert.ok(first)
      await context.registry().sites.disconnect(first.site.id)
      const disconnected = await context.registry().sites.get(first.site.id)
      assert.deepEqual(disconnected?.disconnectedAt, new Date(context.now()))
      const second = await connect('required')
      assert.ok(second)
      assert.equal(second.site.disconnectedAt, null)
      assert.equal(second.site.id, first.site.id)
      assert.deepEqual(Buffer.from(second.site.publicKey), Buffer.from(first.site.publicKey))
      assert.equal(second.site.consent, 'required')
      assert.notEqual(second.webhookSecret, first.webhookSecret)
      assert.equal(await context.registry().sites.webhookSecret(first.site.id), second.webhookSecret)
    })

    test('a chosen mode is recorded, and without a choice the recorded mode stays', async () => {
      const { connections } = context.registry()
      const connect = async (mode?: 'seeds-only') => {
        const returnUrl = 'https://moded.example/wp-admin/'
        const request = { ...input, url: 'https://moded.example', returnUrl, challenge }
        const code = await connections.begin({ ...request, ...(mode && { mode }) })
        return (await connections.redeem({ code, verifier }))?.site
      }
      assert.equal((await connect())?.mode, 'full')
      assert.equal((await connect('seeds-only'))?.mode, 'seeds-only')
      const again = await connect()
      assert.equal(again?.mode, 'seeds-only')
      assert.deepEqual(again.unstated, { mode: 'full', consent: 'assumed' })
    })

    test('a site that moved stays the same site at its new address, with a new secret', async () => {
      const { sites, connections } = context.registry()
      const before = await sites.add({
        ...input,
        url: 'https://before.example',
        origins: ['https://media.before.example'],
      })
      const request = {
        ...input,
        challenge,
        url: 'https://after.example',
        returnUrl: 'https://after.example/',
        movedSite: before.site.id,
      }
      const moved = await connections.redeem({ code: await connections.begin(request), verifier })
      assert.equal(moved?.site.id, before.site.id)
      assert.equal(moved.site.url, 'https://after.example/')
      assert.deepEqual(moved.site.origins, ['https://after.example', 'https://media.before.example'])
      assert.deepEqual(Buffer.from(moved.site.publicKey), Buffer.from(before.site.publicKey))
      assert.notEqual(moved.webhookSecret, before.webhookSecret)
      assert.equal(await sites.webhookSecret(before.site.id), moved.webhookSecret)
      await sites.add({ ...input, url: 'https://taken.example' })
      const taken = { ...request, url: 'https://taken.example', returnUrl: 'https://taken.example/' }
      await refused('site-exists', connections.begin(taken))
    })

    test('the approval of an account is redeemed only once the site has proved itself', async () => {
      const { connections, memberships } = context.registry()
      const account = await addAccount('prover@connect.example')
      const url = 'https://proved.example'
      const approve = () =>
        connections.begin({ ...input, url, returnUrl: `${url}/wp-admin/`, challenge, account })
      await refused('unproven', connections.redeem({ code: await approve(), verifier }))
      const asked: object[] = []
      const unproven = await approve()
      await refused(
        'unproven',
        connections.redeem({ code: unproven, verifier }, async ({ url: of, challenge: expected }) => {
          asked.push({ of, expected })
          return false
        }),
      )
      assert.deepEqual(asked, [{ of: `${url}/`, expected: challenge }])
      assert.equal(await connections.redeem({ code: unproven, verifier }, async () => true), null)
      // Only who knows the verifier makes the server fetch.
      const guessed = await approve()
      const never = () => assert.fail('a wrong verifier fetches nothing')
      assert.equal(await connections.redeem({ code: guessed, verifier: `${verifier}x` }, never), null)

      const connected = await connections.redeem({ code: await approve(), verifier }, async () => true)
      const [owner] = await memberships.of(connected?.site.id ?? '')
      assert.deepEqual([owner?.account.id, owner?.role], [account, 'owner'])
    })

    test('a registered site is connected again, or moved, by its owner or an administrator alone', async () => {
      const { connections, sites, memberships } = context.registry()
      const [owner, other] = [
        await addAccount('own@connect.example'),
        await addAccount('other@connect.example'),
      ]
      const [url, next] = ['https://owned.example', 'https://owned-next.example']
      const connect = async (account: string | undefined, changes: object = {}) => {
        const request = { ...input, url, returnUrl: `${url}/`, challenge, account, ...changes }
        return connections.redeem({ code: await connections.begin(request), verifier }, async () => true)
      }
      const first = await connect(owner)
      assert.ok(first)
      await refused('not-owner', connect(other))
      const move = { url: next, returnUrl: `${next}/`, movedSite: first.site.id }
      await refused('not-owner', connect(other, move))
      assert.equal(await sites.webhookSecret(first.site.id), first.webhookSecret)
      assert.equal((await connect(owner))?.site.id, first.site.id)
      assert.equal((await connect(owner, move))?.site.url, `${next}/`)
      assert.equal((await connect(undefined, move))?.site.id, first.site.id)
      await memberships.setRole({ site: first.site.id, account: owner }, 'editor', 'operator')
      await refused('not-owner', connect(owner, move))
    })

    test('an account that was closed since its approval connects nothing', async () => {
      const { accounts, connections } = context.registry()
      const account = await addAccount('closing@connect.example')
      const url = 'https://closing.example'
      const code = await connections.begin({ ...input, url, returnUrl: `${url}/`, challenge, account })
      assert.equal(await accounts.close(account, 'operator'), 'closed')
      assert.equal(await connections.redeem({ code, verifier }, async () => true), null)
    })

    /** Adds an account by a link, as all accounts are. */
    async function addAccount(email: string): Promise<string> {
      const { welcomes } = context.registry()
      const hash = randomBytes(32)
      const expiresAt = new Date(context.now() + minute)
      const member = { site: (await context.site(`of-${email}`)).site.id, role: 'viewer' } as const
      await welcomes.add({ kind: 'member', email, ...member }, { hash, expiresAt, actor: 'operator' })
      const account = await welcomes.use(hash, { email, name: 'Name', password: 'a PHC string' })
      assert.ok(account)
      return account.id
    }

    test('a return URL away from the site is refused', () =>
      refused(
        'invalid-url',
        context.registry().connections.begin({ ...input, challenge, returnUrl: 'https://evil.example/' }),
      ))

    test('a challenge that is no SHA-256 is refused', () =>
      refused(
        'invalid-challenge',
        context.registry().connections.begin({ ...input, challenge: 'plain', returnUrl: input.url }),
      ))

    test('an unknown code is refused', async () =>
      assert.equal(await context.registry().connections.redeem({ code: 'x', verifier }), null))
  })
}
