import type { AssetId, PeerId, Policy, PostId, SiteId } from '@peerpress/wire'

/** A change of the records that other packages react to. */
export type DomainEvent = DomainChange & {
  /** Rises from one event to the next, in the order of the transactions that wrote the events. */
  readonly position: number
  readonly occurredAt: Date
}

/** The part of a domain event that its writer knows. */
export type DomainChange = { readonly site: SiteId } & (
  | { readonly type: 'site.added' }
  /** A site that was registered before got a new secret, and perhaps another URL or policy. */
  | { readonly type: 'site.reconnected' }
  | { readonly type: 'site.disconnected' }
  | { readonly type: 'site.removed' }
  | ({ readonly type: 'policy.changed' } & Policy)
  | { readonly type: 'post.published'; readonly post: PostId; readonly version: number }
  | { readonly type: 'post.revoked'; readonly post: PostId; readonly version: number }
  /** The site's CMS stated that the post is no longer public. Its revocation follows. */
  | { readonly type: 'post.withdrawn'; readonly post: PostId }
  /** A peer proved that another peer of the site sent wrong bytes under a valid signature. */
  | {
      readonly type: 'proof.accepted'
      readonly peer: PeerId
      readonly asset: AssetId
      readonly index: number
    }
)

export type DomainEventType = DomainChange['type']
