import { setTimeout as delay } from 'node:timers/promises'
import type { Community, CommunityLending, Rereading } from '@peerpress/community'
import type { Insights, SearchConsole } from '@peerpress/insights'
import type { Registry, Schedule } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { type Role, roleOfParts } from '@peerpress/wire'

/** ms between two rollups while some are due. */
const rollPause = 1000
/** ms after which rollups that are still due are left to the next run. */
const rollTime = 30 * 60_000

export interface UpkeepOptions {
  readonly registry: Pick<Registry, 'schedules' | 'outbox' | 'forgetOld'>
  readonly store: Pick<Store, 'roll' | 'enforceRemovals' | 'applyRetention' | 'removeSite'>
  readonly insights: Pick<Insights, 'analyseAll' | 'work'>
  readonly searchConsole: Pick<SearchConsole, 'enqueueDue' | 'work'>
  /** Writes the reports of periods that are over. */
  readonly sendReports: (signal: AbortSignal) => Promise<void>
  readonly lending: Pick<CommunityLending, 'closeEpochs' | 'convict'>
  readonly trust: { readonly rereading: Pick<Rereading, 'rereadDue'> }
  readonly community: { readonly members: Pick<Community['members'], 'renew' | 'end'> }
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/**
 * The repeating work of the whole installation as a role of a server. Among several servers with this role each run happens
 * once.
 */
export function createUpkeepRole({
  registry,
  store,
  insights,
  searchConsole,
  sendReports,
  community,
  lending,
  trust,
  report,
}: UpkeepOptions): Role {
  return roleOfParts({
    name: 'upkeep',
    startParts: async (started) => {
      const parts = { registry, store, insights, searchConsole, sendReports, community, lending, trust }
      for (const schedule of schedulesOf(parts)) {
        const onFailure = (error: unknown) => report(`the schedule ${schedule.name} failed:`, error)
        started(await registry.schedules.repeat(schedule, onFailure))
      }
      started(await insights.work())
      started(await searchConsole.work())
      started(
        await registry.outbox.subscribe('upkeep', async (event) => {
          // Usually the request that removed the site has removed its rows already; a killed server may have left them.
          if (event.type === 'site.removed') await store.removeSite(event.site)
          if (event.type === 'proof.accepted') await lending.convict(event.peer)
          if (event.type === 'site.removed' || event.type === 'site.disconnected') {
            await community.members.end(event.site)
          }
        }),
      )
    },
    health: async () => {
      await registry.schedules.outcomes()
      return { ok: true, detail: null }
    },
  })
}

/** What is done again and again for the installation, with the times in UTC. */
function schedulesOf({
  registry,
  store,
  insights,
  searchConsole,
  sendReports,
  lending,
  trust,
  community,
}: Omit<UpkeepOptions, 'report'>): readonly Schedule[] {
  return [
    // No retry: the next run is a minute later.
    { name: 'rollups', cron: '* * * * *', retries: 0, run: (signal) => roll(store, signal) },
    { name: 'removals', cron: '7 * * * *', run: () => store.enforceRemovals() },
    { name: 'retention', cron: '37 2 * * *', run: () => store.applyRetention() },
    // On Monday, the week that is over is counted while views that are retained for eight days are still there.
    { name: 'insights', cron: '17 4 * * *', run: (signal) => insights.analyseAll(signal) },
    // No retry: the next run is five minutes later. An import that waits for a limit of Google goes on then.
    { name: 'search-console', cron: '*/5 * * * *', retries: 0, run: () => searchConsole.enqueueDue() },
    { name: 'reports', cron: '47 * * * *', run: sendReports },
    // Receipts of a day are accepted for two hours after its end.
    {
      name: 'lent-days',
      cron: '12 2 * * *',
      run: async (signal) => {
        await lending.closeEpochs(signal)
      },
    },
    {
      // No retry: a site whose proof failed is asked again the next day.
      name: 'member-proofs',
      cron: '23 * * * *',
      retries: 0,
      run: (signal) => community.members.renew(signal),
    },
    // No retry: the next run is twenty minutes later.
    {
      name: 'rereads',
      cron: '*/20 * * * *',
      retries: 0,
      run: (signal) => trust.rereading.rereadDue(signal),
    },
    { name: 'old-records', cron: '37 3 * * *', run: () => registry.forgetOld() },
  ]
}

/** Rolls up until nothing is due. */
async function roll(store: Pick<Store, 'roll'>, signal: AbortSignal): Promise<void> {
  const begun = performance.now()
  await delay(rollPause, undefined, { signal })
  while (!(await store.roll(signal)) && performance.now() - begun < rollTime) {
    await delay(rollPause, undefined, { signal })
  }
}
