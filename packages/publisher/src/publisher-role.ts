import type { Registry } from '@peerpress/registry'
import type { Role } from '@peerpress/wire'
import type { Publisher } from './publisher.ts'
import { publisherSubscriber } from './subscriber.ts'

/** Failures of one domain event from which on the role counts as not working. */
const maxFailures = 3

/** The work of a publisher (its jobs, its sweeps and its domain events) as a role of a server. */
export function createPublisherRole(
  publisher: Pick<Publisher, 'start' | 'stop'>,
  registry: Pick<Registry, 'outbox'>,
): Role {
  return {
    name: 'publisher',
    start: () => publisher.start(),
    stop: () => publisher.stop(),
    health: async () => {
      const subscribers = await registry.outbox.subscribers()
      const own = subscribers.find(({ subscriber }) => subscriber === publisherSubscriber)
      return own === undefined || own.failures < maxFailures
        ? { ok: true, detail: null }
        : { ok: false, detail: `${own.pending} domain events wait: ${own.lastError ?? 'unknown error'}` }
    },
  }
}
