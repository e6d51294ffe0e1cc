import type { Registry, Schedule, StopWork } from '@peerpress/registry'
import { type Role, roleOfParts } from '@peerpress/wire'
import type { Editorial } from './editorial.ts'

export interface EditorialRoleOptions {
  readonly registry: Pick<Registry, 'schedules'>
  readonly editorial: Pick<Editorial, 'makeAll' | 'work' | 'close'>
  /** Works on what people approved for the CMS. Resolves to a function that stops it. */
  readonly workOnCms: () => Promise<StopWork>
  /** Writes the weekly digests. */
  readonly sendDigests: (signal: AbortSignal) => Promise<void>
  /** Starts the work on requested drafts, and returns what stops it. */
  readonly workOnDrafts: () => Promise<() => Promise<void>>
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/** Editorial work as a role of a server. Among several servers with this role, each run of a schedule happens once. */
export function createEditorialRole({
  registry,
  editorial,
  workOnCms,
  sendDigests,
  workOnDrafts,
  report,
}: EditorialRoleOptions): Role {
  return roleOfParts({
    name: 'editorial',
    startParts: async (started) => {
      for (const schedule of schedulesOf({ editorial, sendDigests })) {
        const onFailure = (error: unknown) => report(`the schedule ${schedule.name} failed:`, error)
        started(await registry.schedules.repeat(schedule, onFailure))
      }
      started(await editorial.work())
      started(await workOnCms())
      started(await workOnDrafts())
    },
    health: async () => {
      await registry.schedules.outcomes()
      return { ok: true, detail: null }
    },
  })
}

/** What is done again and again, with the times in UTC. */
function schedulesOf({
  editorial,
  sendDigests,
}: Pick<EditorialRoleOptions, 'sendDigests'> & {
  readonly editorial: Pick<Editorial, 'makeAll'>
}): readonly Schedule[] {
  return [
    // An hour after the analyses, so that the findings are of the same day.
    { name: 'briefs', cron: '17 5 * * *', run: (signal) => editorial.makeAll(signal) },
    { name: 'digests', cron: '17 6 * * 1', run: (signal) => sendDigests(signal) },
  ]
}
