import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { SignInProof } from '../sessions/sign-in-proof.ts'
import type { SuiteContext } from '../suite.testing.ts'

const minute = 60_000

export function describeSignInWays(context: SuiteContext): void {
  describe('ways to sign in', () => {
    const add = async (email: string): Promise<string> => {
      const { welcomes } = context.registry()
      const hash = randomBytes(32)
      const expiresAt = new Date(context.now() + minute)
      await welcomes.add({ kind: 'administrator', email }, { hash, expiresAt, actor: 'operator' })
      const account = await welcomes.use(hash, { email, name: 'Name', password: 'a PHC string' })
      assert.ok(account)
      return account.id
    }
    const begin = async (account: string, proof: SignInProof = { way: 'link' }) => {
      const { sessions } = context.registry()
      const hash = randomBytes(32)
      const session = { hash, account, replaced: null, network: '192.0.2.0/24', proof }
      return (await sessions.begin(session)) ? ((await sessions.find(hash))?.id ?? null) : null
    }
    const signedIn = async (account: string) => (await begin(account)) ?? assert.fail()
    const passkey = (account: string, credential: string) => ({
      account,
      credential,
      publicKey: Uint8Array.of(1, 2, 3),
      counter: 0,
      transports: ['internal'],
      isSynced: true,
      name: 'phone',
    })

    test('a passkey belongs to one account, its counter rises, and it ends with the account', async () => {
      const { accounts, passkeys } = context.registry()
      const account = await add('passkey@ways.example')
      const other = await add('other@ways.example')
      const added = await passkeys.add(passkey(account, 'one'), await signedIn(account))
      assert.ok(added)
      assert.equal(await passkeys.add(passkey(other, 'one'), await signedIn(other)), null)
      assert.deepEqual((await passkeys.byCredential('one'))?.publicKey, Uint8Array.of(1, 2, 3))
      // An authenticator that does not count reports 0 for ever.
      for (const [counter, counts] of [
        [0, true],
        [0, true],
        [5, true],
        [5, false],
        [4, false],
        [0, false],
        [2 ** 32 - 1, true],
      ] as const) {
        assert.equal(await passkeys.use(added.id, counter), counts, String(counter))
      }
      assert.equal(await passkeys.rename({ id: added.id, account: other }, 'stolen'), false)
      assert.equal(await passkeys.remove({ id: added.id, account: other }, other), 'unknown')
      assert.equal(await passkeys.remove({ id: '\u0000', account }, account), 'unknown')
      await accounts.close(account, account)
      assert.equal(await passkeys.byCredential('one'), null)
    })

    test('an account has twenty passkeys at most, also when they are added at the same time', async () => {
      const { passkeys } = context.registry()
      const account = await add('many@ways.example')
      const session = await signedIn(account)
      const all = Array.from({ length: 25 }, (_, index) =>
        passkeys.add(passkey(account, `many-${index}`), session),
      )
      assert.equal((await Promise.all(all)).filter((added) => added !== null).length, 20)
    })

    test('a challenge is taken once, for its purpose, and before it expires', async () => {
      const { challenges } = context.registry()
      const draw = async () => {
        const hash = randomBytes(32)
        const expiresAt = new Date(context.now() + minute)
        const content = { challenge: 'x"\u{1F600}' }
        await challenges.add(hash, { purpose: 'passkey-sign-in', account: null, content, expiresAt })
        return hash
      }
      const used = await draw()
      const taken = await Promise.all([1, 2, 3].map(() => challenges.take(used, 'passkey-sign-in')))
      assert.deepEqual(
        taken.filter((one) => one !== null),
        [{ account: null, content: { challenge: 'x"\u{1F600}' } }],
      )
      const misused = await draw()
      assert.equal(await challenges.take(misused, 'passkey-add'), null)
      assert.equal(await challenges.take(misused, 'passkey-sign-in'), null)
      const late = await draw()
      context.advance(minute)
      assert.equal(await challenges.take(late, 'passkey-sign-in'), null)
    })

    test('a person at a provider has one account, and keeps it when the address changes', async () => {
      const { accounts, identities } = context.registry()
      const account = await add('linked@ways.example')
      const other = await add('another@ways.example')
      const person = { issuer: 'https://id.example', subject: 's1', email: 'linked@ways.example' }
      assert.equal(await identities.use(person), null)
      assert.equal(await identities.link(account, person, null), true)
      assert.equal(await identities.link(account, person, await signedIn(account)), true)
      assert.equal(await identities.link(other, person, null), false)
      assert.equal((await identities.use({ ...person, email: 'new@ways.example' }))?.id, account)
      assert.equal(await identities.use({ ...person, issuer: 'https://evil.example' }), null)
      const [link] = await identities.of(account)
      assert.equal(link?.email, 'new@ways.example')
      assert.equal(await identities.unlink({ id: link?.id ?? '', account: other }, other), 'unknown')
      await accounts.close(account, account)
      assert.equal(await identities.use(person), null)
    })

    test('a reset removes passkeys, links and sessions of one account alone', async () => {
      const { accounts, identities, passkeys, sessions } = context.registry()
      const account = await add('lost@ways.example')
      const other = await add('kept@ways.example')
      for (const [of, name] of [
        [account, 'lost'],
        [other, 'kept'],
      ] as const) {
        await passkeys.add(passkey(of, name), await signedIn(of))
        await identities.link(of, { issuer: 'https://id.example', subject: name, email: null }, null)
      }
      assert.equal(await accounts.resetSignIn(account, 'operator'), true)
      const left = async (of: string) =>
        Promise.all([passkeys.of(of), identities.of(of), sessions.of(of)]).then((all) =>
          all.map(({ length }) => length),
        )
      assert.deepEqual(
        [await left(account), await left(other)],
        [
          [0, 0, 0],
          [1, 1, 1],
        ],
      )
      assert.equal(await accounts.hasPassword(account), true)
      assert.equal(await accounts.resetSignIn('unknown', 'operator'), false)
    })

    test('two removals at the same time leave an account without a password one way to sign in', async () => {
      const { identities, passkeys, welcomes } = context.registry()
      const email = 'passwordless@ways.example'
      const expiresAt = new Date(context.now() + minute)
      const link = { hash: randomBytes(32), expiresAt, actor: 'operator' }
      await welcomes.add({ kind: 'administrator', email }, link)
      const account = (await welcomes.useAll(email, 'Name'))?.id ?? assert.fail()
      const session = await signedIn(account)
      const added = await passkeys.add(passkey(account, 'last'), session)
      await identities.link(account, { issuer: 'https://id.example', subject: email, email }, session)
      const [identity] = await identities.of(account)
      const outcomes = await Promise.all([
        passkeys.remove({ id: added?.id ?? '', account }, account),
        identities.unlink({ id: identity?.id ?? '', account }, account),
      ])
      assert.deepEqual(outcomes.toSorted(), ['last-way', 'removed'])
    })

    test('what an account was secured against neither begins a session nor adds a way to sign in', async () => {
      const { accounts, identities, passkeys } = context.registry()
      const account = await add('secured@ways.example')
      const person = { issuer: 'https://id.example', subject: 'secured', email: null }
      const stolen = await signedIn(account)
      const added = await passkeys.add(passkey(account, 'secured'), stolen)
      await identities.link(account, person, stolen)
      const proofs: SignInProof[] = [
        { way: 'password', password: 'a PHC string' },
        { way: 'passkey', passkey: added?.id ?? '' },
        { way: 'provider', ...person },
      ]
      for (const proof of proofs) assert.notEqual(await begin(account, proof), null, proof.way)
      const forms = { former: 'a PHC string', next: 'another PHC string' }
      assert.equal(await accounts.rehash(account, { former: 'wrong', next: 'a thief’s' }), false)
      assert.equal(await accounts.changePassword(account, forms, account), true)
      // Of two changes that began with the same password, one counts.
      const late = { ...forms, next: 'a thief’s' }
      assert.equal(await accounts.changePassword(account, late, account), false)
      assert.equal(await accounts.rehash(account, late), false)
      assert.equal((await accounts.byEmail('secured@ways.example'))?.password, 'another PHC string')
      await accounts.resetSignIn(account, 'operator')
      for (const proof of proofs) assert.equal(await begin(account, proof), null, proof.way)
      assert.equal(await passkeys.add(passkey(account, 'thief'), stolen), null)
      assert.equal(await identities.link(account, { ...person, subject: 'thief' }, stolen), false)
      assert.deepEqual([await passkeys.of(account), await identities.of(account)], [[], []])
    })

    test('a session that begins while the account is secured has ended afterwards', async () => {
      const { accounts, sessions } = context.registry()
      const account = await add('raced@ways.example')
      let password = 'a PHC string'
      for (let i = 0; i < 20; i++) {
        const proof = { way: 'password', password } as const
        const next = `PHC string ${i}`
        const begins = () => begin(account, proof)
        const changes = accounts.changePassword(account, { former: password, next }, account)
        await Promise.all([begins(), changes, begins(), begins()])
        assert.deepEqual(await sessions.of(account), [])
        password = next
      }
    })

    test('every invitation of a verified address is used at once, and the latest role counts', async () => {
      const { memberships, welcomes } = context.registry()
      const { id: site } = (await context.site('invited-by-provider')).site
      const email = 'invited@ways.example'
      for (const role of ['owner', 'viewer'] as const) {
        const expiresAt = new Date(context.now() + minute)
        await welcomes.add(
          { kind: 'member', email, site, role },
          { hash: randomBytes(32), expiresAt, actor: 'operator' },
        )
        context.advance(1)
      }
      assert.equal((await welcomes.invitations(site)).length, 2)
      const account = await welcomes.useAll(email, 'Name')
      assert.ok(account)
      assert.deepEqual(
        (await memberships.of(site)).map((member) => [member.account.id, member.role]),
        [[account.id, 'viewer']],
      )
      assert.equal(await welcomes.useAll(email, 'Name'), null)
      assert.equal(await context.registry().accounts.hasPassword(account.id), false)
    })

    test('keys rotate: former ones sign along for 90 days, unless they end at once', async () => {
      const { sites } = context.registry()
      const { id } = (await context.site('rotated-keys')).site
      const keysOf = async () =>
        (await sites.signingKeys(id)).map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))
      const [first] = await keysOf()
      await sites.rotateSigningKey(id, { actor: 'operator', endsFormer: false })
      const both = await keysOf()
      assert.deepEqual([both.length, both[1]], [2, first])
      assert.equal(Buffer.from((await sites.get(id))?.publicKey ?? []).toString('hex'), both[0])
      context.advance(90 * 86_400_000)
      assert.deepEqual(await keysOf(), both.slice(0, 1))
      for (let i = 0; i < 5; i++) await sites.rotateSigningKey(id, { actor: 'operator', endsFormer: false })
      assert.equal((await keysOf()).length, 4)
      await sites.rotateSigningKey(id, { actor: 'operator', endsFormer: true })
      assert.equal((await keysOf()).length, 1)
      assert.equal(await sites.formerKeysUntil(id), null)
    })

    test('a next webhook secret replaces the present one when it is confirmed', async () => {
      const { sites } = context.registry()
      const { site, webhookSecret } = await context.site('rotated-secret')
      const next = await sites.rotateWebhookSecret(site.id, 'operator')
      assert.match(next ?? '', /^whsec_/)
      assert.deepEqual(
        [await sites.webhookSecret(site.id), await sites.nextWebhookSecret(site.id)],
        [webhookSecret, next],
      )
      await sites.confirmWebhookSecret(site.id, 'whsec_another')
      assert.equal(await sites.webhookSecret(site.id), webhookSecret)
      await sites.confirmWebhookSecret(site.id, next ?? '')
      assert.deepEqual(
        [await sites.webhookSecret(site.id), await sites.nextWebhookSecret(site.id)],
        [next, null],
      )
      assert.equal(await sites.rotateWebhookSecret('zzzzzzzzzzzzzzzz', 'operator'), null)
    })
  })
}
