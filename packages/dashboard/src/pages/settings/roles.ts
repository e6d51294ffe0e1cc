import type { SiteRole } from '../../generated/graphql.ts'

/** The roles of a member, for people. */
export const roles: readonly { readonly value: SiteRole; readonly label: string }[] = [
  { value: 'VIEWER', label: 'Viewer: reads reports' },
  { value: 'EDITOR', label: 'Editor: also publishes posts and exports views' },
  { value: 'OWNER', label: 'Owner: also changes settings, members and tokens' },
]
