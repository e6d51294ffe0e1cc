import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { PostId, SiteId } from '@peerpress/wire'
import type { RequestRun } from './reports/request-run.ts'

/** Who asks: an `operator` may do everything, a `reader` may query, `nobody` may do nothing. */
export type Viewer = 'operator' | 'reader' | 'nobody'

/** Takes a post for publication; resolves once the work is queued. Rejects with a `PublisherError` or unexpectedly. */
export interface PostPublisher {
  publish(site: SiteId, post: PostId, url: string): Promise<unknown>
}

/** How long what was measured is kept, and what is taken away for good. Rejects with a `StoreError` or unexpectedly. */
export interface Keeping extends Pick<Store, 'retention' | 'retain' | 'removeVisitorDay'> {
  /** Removes all that the server has of a site; may be repeated after a failure. */
  removeSite(site: SiteId): Promise<{ readonly wasRegistered: boolean; readonly views: number }>
}

/** What the graph stands on. */
export interface Sources {
  readonly registry: Pick<Registry, 'sites' | 'posts' | 'schedules'>
  readonly store: Pick<Store, 'reportsFor'>
  readonly publisher: PostPublisher
  readonly keeping: Keeping
}

/** The context of a request before it is executed. */
export interface OperationContext extends Omit<Sources, 'store'> {
  readonly viewer: Viewer
}

/** What a resolver can reach while it answers one request. */
export interface RequestContext extends OperationContext {
  readonly run: RequestRun
}
