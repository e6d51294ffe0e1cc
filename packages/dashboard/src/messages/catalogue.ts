import { accountsMessages } from './accounts-messages.ts'
import { alertsMessages } from './alerts-messages.ts'
import { allSitesMessages } from './all-sites-messages.ts'
import { communityMessages } from './community-messages.ts'
import { connectorsMessages } from './connectors-messages.ts'
import { consentMessages } from './consent-messages.ts'
import { findingsMessages } from './findings-messages.ts'
import { logMessages } from './log-messages.ts'
import { messages } from './messages.ts'
import { moderationMessages } from './moderation-messages.ts'
import { searchImportMessages } from './search-import-messages.ts'
import { seedsMessages } from './seeds-messages.ts'
import { sessionMessages } from './session-messages.ts'
import { settingsMessages } from './settings-messages.ts'
import { sharedMessages } from './shared-messages.ts'
import { signInMessages } from './sign-in-messages.ts'
import { welcomeMessages } from './welcome-messages.ts'
import { writeMessages } from './write-messages.ts'
import { yourAccountMessages } from './your-account-messages.ts'

/**
 * Every text of the dashboard, so that all can be read, checked and translated together. Pages import their own part: a page
 * that is loaded later brings its texts.
 */
export const catalogue = {
  ...messages,
  accounts: accountsMessages,
  alerts: alertsMessages,
  allSites: allSitesMessages,
  community: communityMessages,
  connectors: connectorsMessages,
  consent: consentMessages,
  findings: findingsMessages,
  log: logMessages,
  moderation: moderationMessages,
  searchImport: searchImportMessages,
  seeds: seedsMessages,
  session: sessionMessages,
  settings: settingsMessages,
  shared: sharedMessages,
  signIn: signInMessages,
  welcome: welcomeMessages,
  write: writeMessages,
  yourAccount: yourAccountMessages,
} as const
