import type { SiteRole } from '../../generated/graphql.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.roles

/** The roles of a member, for people. */
export const roles: readonly { readonly value: SiteRole; readonly label: string }[] = [
  { value: 'VIEWER', label: texts.viewerReadsReports },
  { value: 'EDITOR', label: texts.editorAlsoPublishesPosts },
  { value: 'OWNER', label: texts.ownerAlsoChangesSettings },
]
