import type { SiteRole } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import type { Principal } from './principal.ts'

/** What can be done with one site. */
export type SiteAction =
  | 'report.read'
  /** Evidence and briefs, which public reports do not have: they hold what owners uploaded and readers wrote. */
  | 'evidence.read'
  /** Single views, with the numbers of visitors. */
  | 'measurement.export'
  | 'post.publish'
  | 'incident.acknowledge'
  /** Shows a post of the site in the community's feed. */
  | 'community.share'
  /** Votes in the community with the site's standing. */
  | 'community.vote'
  | 'site.configure'
  | 'site.remove'
  /** Removes measurements of one visitor. */
  | 'visitor.remove'
  | 'member.manage'
  | 'token.manage'

/** What can be done. `installation.manage` concerns no single site: adding sites, accounts, backups, schedules. */
export type Action = SiteAction | 'installation.manage'

const viewer: readonly SiteAction[] = ['report.read', 'evidence.read']
const editor: readonly SiteAction[] = [
  ...viewer,
  'measurement.export',
  'post.publish',
  'incident.acknowledge',
  'community.share',
  'community.vote',
]
const owner: readonly SiteAction[] = [
  ...editor,
  'site.configure',
  'site.remove',
  'visitor.remove',
  'member.manage',
  'token.manage',
]

/** The actions of each role. A role has all actions of the role before it. */
const actionsOf: Readonly<Record<SiteRole, readonly Action[]>> = { viewer, editor, owner }

/**
 * Returns whether a principal may do something with a site.
 * @param site null for an action that concerns no single site
 */
export function may(principal: Principal, action: Action, site: SiteId | null): boolean {
  if (principal.kind === 'administrator') return true
  if (site === null || action === 'installation.manage') return false
  switch (principal.kind) {
    case 'account': {
      const role = principal.roles.get(site)
      if (role !== undefined && actionsOf[role].includes(action)) return true
      return principal.readsAll && action === 'report.read'
    }
    case 'token':
      return principal.sites.includes(site) && scopesWith(action, principal.scopes)
    case 'reader':
      return action === 'report.read'
    case 'nobody':
      return false
  }
}

/** Returns the sites with which a principal may do something; null for every site. */
export function sitesWith(principal: Principal, action: SiteAction): readonly SiteId[] | null {
  const isAllowed = (site: SiteId) => may(principal, action, site)
  switch (principal.kind) {
    case 'administrator':
      return null
    case 'account':
      if (principal.readsAll && action === 'report.read') return null
      return [...principal.roles.keys()].filter(isAllowed)
    case 'token':
      return principal.sites.filter(isAllowed)
    case 'reader':
      return action === 'report.read' ? null : []
    case 'nobody':
      return []
  }
}

/** Returns whether a token's scopes permit an action. Reading reports and reading evidence are one scope. */
function scopesWith(action: Action, scopes: readonly string[]): boolean {
  return scopes.includes(action === 'evidence.read' ? 'report.read' : action)
}
