import { chartMessages } from './chart-messages.ts'
import { frameMessages } from './frame-messages.ts'
import { pageMessages } from './page-messages.ts'
import { reportMessages } from './report-messages.ts'
import { searchMessages } from './search-messages.ts'

/** Every text of the dashboard's reports. One catalogue, so that all texts can be read, checked and translated together. */
export const messages = {
  ...frameMessages,
  ...reportMessages,
  ...chartMessages,
  ...pageMessages,
  ...searchMessages,
} as const
