import type { BotMark, BotSign } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import { dataCentres } from './data-centres.ts'
import type { BeaconContext } from '../beacon-context.ts'
import type { Place } from './place.ts'

/** Maximum difference of two readings of one clock, ms: browsers round times for privacy. */
const rounding = 1000

/**
 * Returns why a view counts as a bot's: first its user agent, then behaviour that no reader's browser shows. null: it
 * does not.
 */
export function botMark({
  beacon,
  agent,
  place,
}: Pick<BeaconContext, 'beacon' | 'agent' | 'place'>): BotMark | null {
  if (agent.bot !== null) return { sign: 'agent', agent: agent.bot }
  const sign = behaviour(beacon, place)
  return sign === null ? null : { sign, agent: null }
}

function behaviour(beacon: Beacon, { network }: Place): BotSign | null {
  if (beacon.automated === true) return 'webdriver'
  if (isImpossible(beacon)) return 'impossible'
  // Readers come from data centres too, through a company's network or a VPN. But they interact with the page.
  if (network !== null && dataCentres.has(network.number) && isUntouched(beacon)) return 'data-centre'
  return null
}

/**
 * Whether the page had attention for longer than the view lasted, or had none and was painted or loaded before its
 * first byte arrived. LCP proves nothing: for an image of another origin it may be the time of loading, before any
 * painting.
 */
function isImpossible(beacon: Beacon): boolean {
  const { age, engagement, vitals, load } = beacon
  if (engagement.engagedMs > age + rounding) return true
  const { ttfb, fcp } = vitals
  return ttfb !== null && ((fcp ?? ttfb) < ttfb - 1 || (load ?? ttfb) < ttfb - 1) && isUntouched(beacon)
}

/** Whether the reader neither looked at the page nor clicked, tapped or typed. */
function isUntouched({ engagement, actions }: Beacon): boolean {
  return engagement.engagedMs === 0 && (actions?.interactions ?? 0) === 0
}
