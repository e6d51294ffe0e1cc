import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { describeAccounts } from './accounts/accounts.testing.ts'
import { describeBackup } from './backup/backup.testing.ts'
import { describeBriefs } from './briefs/briefs.testing.ts'
import { describeConnections } from './connections/connections.testing.ts'
import { describeConnectors } from './connectors/connectors.testing.ts'
import { describeEvidence } from './evidence/evidence.testing.ts'
import { describeIncidents } from './incidents/incidents.testing.ts'
import { describeDraftPosts } from './draft-posts/draft-posts.testing.ts'
import { describePageTrials } from './page-changes/page-trials.testing.ts'
import { describeDrafts } from './drafts/drafts.testing.ts'
import { describeFindings } from './findings/findings.testing.ts'
import { describeLending } from './lending/lending.testing.ts'
import { describeMemberSites } from './member-sites/member-sites.testing.ts'
import { describeLedger } from './ledger/ledger.testing.ts'
import { describeKeysets } from './keyset/keyset.testing.ts'
import { describeJobs } from './jobs/jobs.testing.ts'
import type { RegistryLocation } from './engines/registry-location.ts'
import { openRegistry, type Registry } from './open-registry.ts'
import { describeModels } from './models/models.testing.ts'
import { describeOutcomes } from './posts/outcomes.testing.ts'
import { describeOutbox } from './outbox/outbox.testing.ts'
import { describeProbeOutcomes } from './probes/probe-outcomes.testing.ts'
import { describePostPages } from './posts/post-pages.testing.ts'
import { describePosts } from './posts/posts.testing.ts'
import { describeTimeline } from './timeline/timeline.testing.ts'
import { describeSchedules } from './schedules/schedules.testing.ts'
import { describeSearchExports } from './search-exports/search-exports.testing.ts'
import { describeReleases } from './releases/releases.testing.ts'
import { describeReportSchedules } from './report-schedules/report-schedules.testing.ts'
import { describeSearchConnections } from './search-console/search-connections.testing.ts'
import { describeStatements } from './posts/statements.testing.ts'
import { describeSignInWays } from './passkeys/sign-in-ways.testing.ts'
import { describeSites } from './sites/sites.testing.ts'
import { input, publication, refused, type SuiteContext } from './suite.testing.ts'

/** What every registry does, whatever database it is on. `location` is of an empty database at every call. */
export function describeRegistry(kind: string, location: () => RegistryLocation): void {
  describe(`registry on ${kind}`, { timeout: 300_000 }, () => {
    let registry: Registry
    let now = Date.UTC(2026, 0, 1)
    const place = { current: null as RegistryLocation | null }
    const context: SuiteContext = {
      registry: () => registry,
      site: (path) => registry.sites.add({ ...input, url: `https://blog.example/${path}` }),
      now: () => now,
      advance: (ms) => {
        now += ms
      },
    }

    const ledgerDirectory = mkdtempSync(join(tmpdir(), 'peerpress-registry-ledger-'))
    const open = (at: RegistryLocation) =>
      openRegistry({ ...at, ledgerFile: join(ledgerDirectory, 'ledger.json'), now: () => now })

    before(async () => {
      place.current = location()
      registry = await open(place.current)
    })
    after(async () => {
      await registry.close()
      rmSync(ledgerDirectory, { recursive: true, force: true })
    })

    describeSites(context)
    describePosts(context)
    describePostPages(context)
    describeTimeline(context)
    describeStatements(context)
    describeConnections(context)
    describeConnectors(context)
    describeAccounts(context)
    describeSignInWays(context)
    describeOutcomes(context)
    describeJobs(context)
    describeSchedules(context)
    describeOutbox(context)
    describeProbeOutcomes(context)
    describeIncidents(context)
    describeSearchExports(context)
    describeSearchConnections(context)
    describeReleases(context)
    describeReportSchedules(context)
    describeFindings(context)
    describeLending(context)
    describeMemberSites(context)
    describeLedger(location)
    describeEvidence(context)
    describeBriefs(context)
    describeDrafts(context)
    describeModels(context)
    describePageTrials(context)
    describeDraftPosts(context)
    describeKeysets(context)
    describeBackup(context, location)

    test('a secret is drawn once and stored under its name', async () => {
      const [a, again, b] = await Promise.all(
        ['ticket', 'ticket', 'token'].map((key) => registry.secret(key)),
      )
      assert.equal(a?.length, 32)
      assert.deepEqual(a, again)
      assert.notDeepEqual(a, b)
    })

    test('an impossible id is not found and causes no error, whatever its characters', async () => {
      const { id } = (await context.site('ids')).site
      const { assets, posts, sites } = registry
      for (const wrong of ['\0', 'a\0b', '\ud800', `${id}\0`, '', '..', 'x'.repeat(100_000)]) {
        assert.equal(await sites.get(wrong), null)
        assert.equal(await sites.webhookSecret(wrong), null)
        assert.equal(await sites.remove(wrong), false)
        await refused('unknown-site', sites.signingKey(wrong))
        assert.equal(await posts.get(wrong, '12'), null)
        assert.equal(await posts.get(id, wrong), null)
        assert.deepEqual(await posts.list(wrong), [])
        assert.deepEqual(await posts.assets(id, wrong), [])
        assert.equal(await assets.get(wrong), null)
        assert.equal(await assets.chunkHash(wrong, 0), null)
        assert.deepEqual(await assets.onlyOf(wrong), [])
      }
      for (const index of [-1, 0.5, NaN, Infinity, 2 ** 31, 2 ** 53]) {
        assert.equal(await assets.chunkHash('0'.repeat(64), index), null)
      }
    })

    test('its health is known at once while a transaction holds the only connection', async () => {
      assert.equal(registry.health().ok, true)
      const busy = Promise.all([registry.sites.list(), registry.secret('health')])
      assert.deepEqual([registry.health().ok, registry.health().detail], [true, null])
      await busy
    })

    test('after it is opened again, it has all its records', async () => {
      const { site: kept, webhookSecret } = await context.site('kept')
      const secret = await registry.secret('kept')
      await registry.posts.record(publication(kept.id, 3, ['a']))
      await registry.close()
      assert.ok(place.current)
      registry = await open(place.current)
      assert.equal(await registry.sites.webhookSecret(kept.id), webhookSecret)
      assert.equal((await registry.posts.get(kept.id, '12'))?.version, 3)
      assert.deepEqual(Buffer.from(await registry.secret('kept')), Buffer.from(secret))
    })
  })
}
