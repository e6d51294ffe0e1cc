import { setTimeout as delay } from 'node:timers/promises'
import type { Registry, Schedule } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { Role } from '@peerpress/wire'

/** ms between two rollups while some are due. */
const rollPause = 1000
/** ms after which rollups that are still due are left to the next run. */
const rollTime = 30 * 60_000

export interface UpkeepOptions {
  readonly registry: Pick<Registry, 'schedules' | 'outbox' | 'forgetOld'>
  readonly store: Pick<Store, 'roll' | 'enforceRemovals' | 'applyRetention' | 'removeSite'>
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/**
 * The repeating work of the whole installation as a role of a server. Among several servers with this role each run happens
 * once.
 */
export function createUpkeepRole({ registry, store, report }: UpkeepOptions): Role {
  let ending: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(ending.splice(0).map((end) => end()))
  }
  return {
    name: 'upkeep',
    start: async () => {
      ending = []
      try {
        for (const schedule of schedulesOf({ registry, store })) {
          const onFailure = (error: unknown) => report(`the schedule ${schedule.name} failed:`, error)
          ending.push(await registry.schedules.repeat(schedule, onFailure))
        }
        ending.push(
          await registry.outbox.subscribe('upkeep', async ({ type, site }) => {
            // Usually the request that removed the site has removed its rows already; a killed server may have left them.
            if (type === 'site.removed') await store.removeSite(site)
          }),
        )
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
    health: async () => {
      await registry.schedules.outcomes()
      return { ok: true, detail: null }
    },
  }
}

/** What is done again and again for the installation, with the times in UTC. */
function schedulesOf({ registry, store }: Pick<UpkeepOptions, 'registry' | 'store'>): readonly Schedule[] {
  return [
    // No retry: the next run is a minute later.
    { name: 'rollups', cron: '* * * * *', retries: 0, run: (signal) => roll(store, signal) },
    { name: 'removals', cron: '7 * * * *', run: () => store.enforceRemovals() },
    { name: 'retention', cron: '37 2 * * *', run: () => store.applyRetention() },
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
