import type { Role } from '@peerpress/wire'
import { type Collector, type CollectorOptions, openCollector } from './collector.ts'

export interface CollectorRole extends Role {
  /** The collector while the role runs; else null. */
  readonly collector: () => Collector | null
}

/** The collector as a role of a server. */
export function createCollectorRole(options: CollectorOptions): CollectorRole {
  let collector: Collector | null = null
  return {
    name: 'collector',
    collector: () => collector,
    start: async () => {
      collector = await openCollector(options)
    },
    stop: async () => {
      const stopping = collector
      collector = null
      await stopping?.close()
    },
    health: async () =>
      collector === null ? { ok: false, detail: 'it is not open' } : { ok: true, detail: null },
  }
}
