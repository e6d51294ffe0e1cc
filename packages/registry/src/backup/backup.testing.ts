import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openDatabase } from '../engines/open-database.ts'
import type { RegistryLocation } from '../engines/registry-location.ts'
import { openRegistry } from '../open-registry.ts'
import { publication, refused, type SuiteContext } from '../suite.testing.ts'
import { backedUpTables } from './backed-up-tables.ts'
import type { NamedAsset } from './dump-registry.ts'
import { restoreRegistry } from './restore-registry.ts'

/** Backup and restore of the records, whatever database they are in. */
export function describeBackup(context: SuiteContext, emptyLocation: () => RegistryLocation): void {
  describe('backup', () => {
    const directories: string[] = []
    const newDirectory = () => {
      const directory = mkdtempSync(join(tmpdir(), 'peerpress-dump-'))
      directories.push(directory)
      return directory
    }
    after(() => {
      for (const directory of directories) rmSync(directory, { recursive: true, force: true })
    })

    test('a restored registry has everything except tokens and codes', async () => {
      const registry = context.registry()
      const { site, webhookSecret } = await context.site('backed-up')
      const snapshot = { id: 'e'.repeat(64), size: 5000 }
      const text = 'quote " backslash \\ newline \n ünïcödé 🙂 {1,2} NULL'
      await registry.posts.record({ ...publication(site.id, 1, ['older']), post: 'x' })
      await registry.posts.record({
        ...publication(site.id, 3, ['a', 'b']),
        post: 'x',
        envelope: text,
        snapshot,
      })
      await registry.posts.record({ ...publication(site.id, 2, []), post: 'gone', revoked: true })
      const kept = await registry.secret('kept-in-backups')
      const token = await registry.secret('operator-token')
      const ticketKey = await registry.secret('ticket-key')
      await registry.jobs.enqueue({ name: 'backed-up', key: `${site.id}/x`, data: { text } })
      const hash = Buffer.alloc(32, 7)
      const email = 'backed-up@example.org'
      const expiresAt = new Date(context.now() + 60_000)
      await registry.welcomes.add(
        { kind: 'member', email, site: site.id, role: 'owner' },
        { hash, expiresAt, actor: 'operator' },
      )
      const account = await registry.welcomes.use(hash, { email, name: 'Ünal', password: 'a PHC string' })
      assert.ok(account)
      await registry.sessions.begin({
        hash,
        account: account.id,
        replaced: null,
        network: '192.0.2.0/24',
        proof: { way: 'password', password: 'a PHC string' },
      })
      const ci = {
        name: 'ci',
        account: account.id,
        scopes: ['report.read'],
        sites: [site.id],
        expiresAt: null,
        hash,
      }
      await registry.apiTokens.add(ci, account.id)
      const challenge = 'A'.repeat(43)
      const code = await registry.connections.begin({
        url: site.url,
        returnUrl: site.url,
        challenge,
        consent: 'assumed',
        allowPrivateAddresses: false,
      })

      const directory = newDirectory()
      let named: readonly NamedAsset[] = []
      const dump = await registry.dump(directory, async (assets) => {
        named = assets
      })
      await registry.posts.record({ ...publication(site.id, 4, ['newer']), post: 'x' })
      const ids = publication(site.id, 1, ['a', 'b', 'older', 'newer']).assets.map(({ id }) => id)
      const [a, b, older, newer] = ids.map((id) => named.find((asset) => asset.id === id))
      assert.deepEqual([a?.size, a?.chunkSize, b?.size], [70_000, 65_536, 70_000])
      assert.deepEqual([older, newer], [undefined, undefined])
      assert.deepEqual(
        named.find(({ id }) => id === snapshot.id),
        { ...snapshot, chunkSize: null },
      )
      for (const name of readdirSync(directory)) {
        assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name)
      }
      const bytes = dump.files.map((name) => readFileSync(join(directory, name), 'utf8')).join('')
      for (const secret of [token, ticketKey]) assert.ok(!bytes.includes(Buffer.from(secret).toString('hex')))

      const location = emptyLocation()
      await restoreRegistry(location, directory, dump)
      const restored = await openRegistry({ ...location, now: () => context.now() })
      try {
        assert.deepEqual(await restored.sites.list(), await registry.sites.list())
        assert.equal(await restored.sites.webhookSecret(site.id), webhookSecret)
        const keys = await Promise.all([registry, restored].map((of) => of.sites.signingKey(site.id)))
        assert.deepEqual(...(keys.map((key) => key.export({ format: 'jwk' })) as [object, object]))
        const post = await restored.posts.get(site.id, 'x')
        assert.deepEqual([post?.version, post?.envelope], [3, text])
        assert.equal((await restored.posts.get(site.id, 'gone'))?.revoked, true)
        assert.deepEqual(
          (await restored.posts.assets(site.id, 'x')).map(({ id, hashes }) => [id, hashes.length]),
          ids.slice(0, 2).map((id) => [id, 64]),
        )
        assert.deepEqual(Buffer.from(await restored.secret('kept-in-backups')), Buffer.from(kept))
        assert.notDeepEqual(Buffer.from(await restored.secret('operator-token')), Buffer.from(token))
        assert.notDeepEqual(Buffer.from(await restored.secret('ticket-key')), Buffer.from(ticketKey))
        assert.equal(await restored.connections.redeem({ code, verifier: challenge }), null)
        assert.equal((await restored.accounts.byEmail(email))?.password, 'a PHC string')
        assert.deepEqual(await restored.memberships.of(site.id), await registry.memberships.of(site.id))
        assert.deepEqual(
          await restored.audit.list({ site: site.id, limit: 9 }),
          await registry.audit.list({ site: site.id, limit: 9 }),
        )
        assert.deepEqual(
          [await restored.sessions.find(hash), await restored.apiTokens.find(hash)],
          [null, null],
        )
        const done = Promise.withResolvers<unknown>()
        await restored.jobs.work('backed-up', 1, async ({ data }) => done.resolve(data))
        assert.deepEqual(await done.promise, { text })
      } finally {
        await restored.close()
      }
      await refused('not-empty', restoreRegistry(location, directory, dump))
      await refused('newer-database', restoreRegistry(emptyLocation(), directory, { ...dump, schema: 1000 }))
    })

    test('the records do not change while a dump handles their assets', async () => {
      const registry = context.registry()
      const { site } = await context.site('dumped-beside')
      const directory = newDirectory()
      let isDone = false
      const dumping = registry.dump(directory, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        isDone = true
      })
      await Promise.all([dumping, registry.posts.record(publication(site.id, 1, ['beside']))])
      assert.ok(isDone)
      assert.equal((await registry.posts.get(site.id, '12'))?.version, 1)
    })

    test('a restored post is unread until it is published or confirmed', async () => {
      const { posts, restored, assets } = context.registry()
      const { id } = (await context.site('unread')).site
      await context.registry().jobs.start()
      const snapshot = { id: 'f'.repeat(64), size: 10 }
      for (const post of ['published', 'same', 'awaited']) {
        await posts.record({ ...publication(id, 1, []), post, snapshot })
        await restored.raise({ site: id, post, version: 1001, envelope: 'raised' })
      }
      await posts.record({ ...publication(id, 1, []), post: 'revoked', revoked: true })
      await restored.raise({ site: id, post: 'revoked', version: 1001, envelope: 'raised' })
      await context.registry().jobs.enqueue({ name: 'reading', key: `${id}/awaited`, data: {} })
      const unread = (await restored.unread('reading')).filter(({ site }) => site === id)
      assert.deepEqual(Object.fromEntries(unread.map(({ post, isAwaited }) => [post, isAwaited])), {
        awaited: true,
        published: false,
        same: false,
      })
      assert.equal(await assets.get(snapshot.id), null)
      await posts.record({ ...publication(id, 1002, []), post: 'published' })
      assert.equal(await restored.isUnread(id, 'published'), false)
      await restored.read(id, 'same')
      assert.equal(await restored.isUnread(id, 'same'), false)
      assert.equal(await restored.isUnread(id, 'awaited'), true)
      assert.notEqual(await assets.get(snapshot.id), null)
      await restored.raise({ site: id, post: 'same', version: 1000, envelope: 'lower' })
      assert.equal((await posts.get(id, 'same'))?.version, 1001)
    })

    test('the floor of versions rises with each restore', async () => {
      const { restored } = context.registry()
      assert.equal(await restored.versionFloor(), 0)
      await restored.raiseFloor(1000)
      await restored.raiseFloor(20)
      assert.equal(await restored.versionFloor(), 1020)
    })

    test('every table of the schema is in a backup or is left out on purpose', async () => {
      const location = emptyLocation()
      await (await openRegistry(location)).close()
      const database = await openDatabase(location)
      try {
        const tables = await backedUpTables(database)
        assert.deepEqual(tables.toSorted(), [
          'account',
          'analysis',
          'asset',
          'audit_event',
          'brief',
          'brief_list',
          'channel',
          'connector',
          'connector_page',
          'domain_event',
          'draft',
          'draft_post',
          'event',
          'evidence',
          'finding',
          'former_signing_key',
          'identity',
          'incident',
          'incident_entry',
          'ledger',
          'ledger_text',
          'lending_grant',
          'lending_offer',
          'lent_day',
          'lent_peer',
          'lent_receipt',
          'member_site',
          'membership',
          'model',
          'model_call',
          'objective',
          'outbox',
          'outcome',
          'page_change',
          'page_text',
          'page_trial',
          'passkey',
          'post',
          'post_asset',
          'post_statement',
          'probe_outcome',
          'release',
          'report_recipient',
          'report_schedule',
          'reread',
          'restoration',
          'saved_view',
          'search_connection',
          'search_day',
          'search_export',
          'search_export_country',
          'search_query',
          'secret',
          'shared_post',
          'site',
          'subscription',
          'timeline_entry',
          'upload',
        ])
        for (const [earlier, later] of [
          ['site', 'post'],
          ['post', 'post_asset'],
          ['asset', 'post_asset'],
          ['site', 'event'],
          ['search_export', 'search_export_country'],
          ['search_connection', 'search_day'],
          ['report_schedule', 'report_recipient'],
          ['channel', 'report_recipient'],
          ['upload', 'evidence'],
          ['site', 'membership'],
          ['site', 'draft'],
          ['draft', 'model_call'],
          ['draft', 'draft_post'],
          ['page_trial', 'page_change'],
          ['account', 'membership'],
          ['account', 'passkey'],
          ['site', 'former_signing_key'],
        ] as const) {
          assert.ok(tables.indexOf(earlier) < tables.indexOf(later), `${earlier} before ${later}`)
        }
      } finally {
        await database.close()
      }
    })
  })
}
