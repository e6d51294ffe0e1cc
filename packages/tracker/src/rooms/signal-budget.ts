import type { Signal } from '@peerpress/wire'

/**
 * Signals that one peer may send another, characters: an offer of maximum length and sixty candidates at once, then a
 * small offer now and then. Each signal counts `signalHead` characters more.
 */
const signalLimit = { burst: 48 * 1024, perSecond: 1024 }
const signalHead = 512
/** Time in which an empty budget becomes full, ms. */
const fillTime = (1000 * signalLimit.burst) / signalLimit.perSecond

/** The budget of a pair that has sent no signal yet. */
export const unspent = 0

/**
 * Takes a signal from the budget of a sender and a receiver. Returns the budget that is left; null, and nothing is
 * taken, if it does not suffice.
 *
 * A budget is a token bucket in the form of a number: the time at which the bucket is full again, ms. It is no object,
 * because there is one for each ordered pair of introduced peers.
 */
export function spend(fullAt: number, signal: Signal, now: number): number | null {
  const left = fullAt - now
  // After the clock went back, a budget is full at an earlier time than it says.
  const wait = left > 0 && left <= fillTime ? left : 0
  const spent = (1000 * (signalHead + lengthOf(signal))) / signalLimit.perSecond
  return wait + spent > fillTime ? null : now + wait + spent
}

function lengthOf(signal: Signal): number {
  return signal.kind === 'candidate' ? signal.candidate.length : signal.sdp.length
}
