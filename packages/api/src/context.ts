import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { PostId, SiteId } from '@peerpress/wire'
import type { WorkBudget } from './limits/work-budget.ts'

/** Who asks: an `operator` may do everything, a `reader` may query, `nobody` may do nothing. */
export type Viewer = 'operator' | 'reader' | 'nobody'

/** Takes a post for publication; resolves once the work is queued. */
export interface PostPublisher {
  publish(site: SiteId, post: PostId, url: string): Promise<unknown>
}

/** What the graph stands on. */
export interface Sources {
  readonly registry: Pick<Registry, 'sites' | 'posts'>
  readonly store: Pick<Store, 'totals' | 'sessions' | 'arrivals' | 'series' | 'breakdown' | 'experiment'>
  readonly publisher: PostPublisher
}

/** What a resolver can reach while it answers one request. */
export interface RequestContext extends Sources {
  readonly viewer: Viewer
  readonly budget: WorkBudget
}
