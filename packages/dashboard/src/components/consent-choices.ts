import type { Consent } from '../generated/graphql.ts'
import { sharedMessages } from '../messages/shared-messages.ts'
import type { Choice } from './choices.tsx'

const texts = sharedMessages.consentChoices

export const consentLegend = texts.whatReadersAreAsked

/** What readers can be asked before their browsers exchange data with others. */
export const consents: readonly Choice<Consent>[] = [
  { value: 'REQUIRED', label: texts.askFirst, meaning: texts.readersBrowserConnects },
  { value: 'NOTICE', label: texts.tellFirst, meaning: texts.smallNoticeInformsEach },
  { value: 'ASSUMED', label: texts.assumeAgreement, meaning: texts.browsersExchangePictures },
]
