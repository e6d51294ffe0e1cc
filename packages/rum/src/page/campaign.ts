import type { Campaign, maxCampaignLength } from '@peerpress/wire'
import { boundedText } from '../bounded-text.ts'

const maxLength: typeof maxCampaignLength = 100

/** Returns the campaign parameters (`utm_…`) of an address's query; null if it has none. */
export function campaignOf(search: string): Campaign | null {
  const parameters = new URLSearchParams(search)
  const read = (name: string): string | null => {
    const value = boundedText(parameters.get(`utm_${name}`), maxLength)
    // An e-mail address in a link identifies the reader it was sent to.
    return value?.includes('@') ? null : value
  }
  const campaign = {
    source: read('source'),
    medium: read('medium'),
    name: read('campaign'),
    term: read('term'),
    content: read('content'),
  }
  return Object.values(campaign).some(Boolean) ? campaign : null
}
