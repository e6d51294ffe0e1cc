import type { LedgerCheck, Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { Role } from '@peerpress/wire'
import { createCommunityLedger } from './ledger/community-ledger.ts'
import { closeDay } from './standing/close-day.ts'
import { followLedger } from './standing/follow-ledger.ts'

export interface CommunityRoleOptions {
  readonly registry: Pick<Registry, 'ledger' | 'standing' | 'schedules'>
  readonly store: Pick<Store, 'reportsFor'>
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/**
 * The community's repeating work as a role of a server: the standing follows the ledger, factors and mean are written once a
 * day, and the ledger is checked at the start and each day. A row that is missing or changed makes the role unhealthy.
 */
export function createCommunityRole({ registry, store, report, now = Date.now }: CommunityRoleOptions): Role {
  const ledger = createCommunityLedger({ registry })
  let problem: string | null = null
  let stopping = new AbortController()
  let checking: Promise<void> = Promise.resolve()
  let endSchedule: (() => Promise<void>) | null = null

  /** Reads the whole ledger. It does not keep requests waiting: the database is free between two batches. */
  async function check(signal: AbortSignal): Promise<void> {
    try {
      problem = problemOf(await registry.ledger.verify(signal))
    } catch (error) {
      if (signal.aborted) return
      problem = error instanceof Error ? error.message : String(error)
    }
    if (problem !== null) report(`the community's ledger is not as it was written: ${problem}`)
  }

  return {
    name: 'community',
    start: async () => {
      stopping = new AbortController()
      const { signal } = stopping
      // An empty ledger gets its key with its first row, on the server that appends it.
      const isEmpty = (await registry.ledger.read({ limit: 1 })).length === 0
      if (!isEmpty) {
        await registry.ledger
          .transaction((within) => followLedger(within))
          .catch((error: unknown) => {
            // The check says which row it is. Pages that only read still work.
            report('the standing does not follow the ledger:', error)
          })
      }
      checking = check(signal)
      endSchedule = await registry.schedules.repeat(
        {
          name: 'community',
          cron: '7 5 * * *',
          run: async (running) => {
            const either = AbortSignal.any([running, signal])
            if ((await registry.ledger.read({ limit: 1 })).length > 0) {
              await closeDay({ registry, store, ledger, now }, either)
            }
            await check(either)
          },
        },
        (error) => report('the schedule community failed:', error),
      )
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([endSchedule?.(), checking])
      endSchedule = null
    },
    health: async () => {
      await registry.standing.head()
      return problem === null ? { ok: true, detail: null } : { ok: false, detail: problem }
    },
  }
}

/** Describes what a check found in one line; null if it found nothing. */
function problemOf({ problems }: LedgerCheck): string | null {
  const [first] = problems
  if (first === undefined) return null
  const others = problems.length === 1 ? '' : `, and ${problems.length - 1} more`
  return `row ${first.seq} of the ledger is ${first.problem}${others}: ./peerpress community verify lists them`
}
