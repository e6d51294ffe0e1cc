import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { PostId, SiteId } from '@peerpress/wire'
import type { RequestRun } from './reports/request-run.ts'

/** The sender of a request: an `operator` may do everything, a `reader` may query, `nobody` may do nothing. */
export type Viewer = 'operator' | 'reader' | 'nobody'

/** Accepts a post for publication. Resolves once the job is queued. Rejects with a `PublisherError` or unexpectedly. */
export interface PostPublisher {
  publish(site: SiteId, post: PostId, url: string): Promise<unknown>
}

/** Retention and removal of measurements. Rejects with a `StoreError` or unexpectedly. */
export interface Keeping extends Pick<Store, 'retention' | 'retain' | 'removeVisitorDay'> {
  /** Removes all data of a site. It may be repeated after a failure. */
  removeSite(site: SiteId): Promise<{ readonly wasRegistered: boolean; readonly views: number }>
}

/** The dependencies of the graph. */
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

/** The context of resolvers while one request is executed. */
export interface RequestContext extends OperationContext {
  readonly run: RequestRun
}
