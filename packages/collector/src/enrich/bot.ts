import type { BotMark, BotSign } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import { dataCentres } from './data-centres.ts'
import type { BeaconContext } from '../beacon-context.ts'
import type { Place } from './place.ts'

/** ms that two readings of one stopwatch, rounded by a browser that hides fine times, may differ. */
const rounding = 1000

/** Whether a view is taken for a bot's, and why: what calls itself one, then what no reader's browser does. */
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
  // Readers come from there as well, through a company's network or a private one; but they do something.
  if (network !== null && dataCentres.has(network.number) && isUntouched(beacon)) return 'data-centre'
  return null
}

/**
 * More attention than the view has lasted; or none, and a page that was painted or loaded before its first byte came.
 * LCP is no witness: of a picture of another origin it may be the time of its load, before anything was painted.
 */
function isImpossible(beacon: Beacon): boolean {
  const { age, engagement, vitals, load } = beacon
  if (engagement.engagedMs > age + rounding) return true
  const { ttfb, fcp } = vitals
  return ttfb !== null && ((fcp ?? ttfb) < ttfb - 1 || (load ?? ttfb) < ttfb - 1) && isUntouched(beacon)
}

/** Nobody looked at the page, clicked, tapped or typed. */
function isUntouched({ engagement, actions }: Beacon): boolean {
  return engagement.engagedMs === 0 && (actions?.interactions ?? 0) === 0
}
