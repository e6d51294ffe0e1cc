/** Readers who come one after the other for one post. Rates are bytes/ms, times ms. */
export interface Crowd {
  /** When each comes, in order; they stay and give until the last has everything. */
  readonly arrivals: readonly number[]
  /** bytes of the post */
  readonly size: number
  readonly originUp: number
  readonly down: number
  readonly up: number
}

/** Times are told apart to so many ms. */
const precision = 1

/**
 * The least time T, ms, within which anything could serve `count` of the readers, each from its own arrival on. It
 * generalises the fluid limit of Kumar & Ross ("Peer-assisted file distribution: the minimum distribution time", 2006) to
 * readers that come one after the other. Where `count` readers are served within T,
 *
 * - none of them gets more than its downlink carries: T ≥ size ÷ down;
 * - the origin has sent every byte once before anybody has the post: T ≥ size ÷ originUp for the first, so much less for
 *   the others as they came later;
 * - of every run of readers, one after the other, all but those that may stay unserved get the post while the windows of
 *   the run are open, where at any moment no more comes in than the origin and all who are there can send, nor more than
 *   the downlinks of those in the run carry that are within T of their arrival.
 *
 * The last is one cut of the network of flows for each run. That nobody can pass on what it has not got is left out: the
 * true limit is no smaller.
 */
export function crowdLimit(crowd: Crowd, count: number): number {
  const { arrivals, size, originUp, down } = crowd
  const [first = 0] = arrivals
  const earliestServed = arrivals[arrivals.length - count] ?? first
  let low = Math.max(size / down, first + size / originUp - earliestServed)
  if (isPossible(crowd, count, low)) return low
  let high = 2 * low
  while (!isPossible(crowd, count, high)) high *= 2
  while (high - low > precision) {
    const middle = (low + high) / 2
    if (isPossible(crowd, count, middle)) high = middle
    else low = middle
  }
  return high
}

function isPossible(crowd: Crowd, count: number, within: number): boolean {
  const { arrivals, size } = crowd
  const unserved = arrivals.length - count
  for (let first = 0; first < arrivals.length; first++) {
    for (let last = first + unserved; last < arrivals.length; last++) {
      const wanted = (last - first + 1 - unserved) * size
      // A hair's breadth for the rounding of sums.
      if (received(crowd, { first, last, within }) < wanted * (1 - 1e-9)) return false
    }
  }
  return true
}

/** Bytes that a run of readers can get at most, each within so many ms of its arrival. */
function received(
  { arrivals, originUp, down, up }: Crowd,
  { first, last, within }: { readonly first: number; readonly last: number; readonly within: number },
): number {
  const run = arrivals.slice(first, last + 1)
  const events = [...arrivals, ...run.map((at) => at + within)].toSorted((a, b) => a - b)
  let bytes = 0
  for (const [index, end] of events.entries()) {
    const start = events[index - 1] ?? end
    const present = arrivals.filter((at) => at <= start).length
    const open = run.filter((at) => at <= start && end <= at + within).length
    bytes += (end - start) * Math.min(originUp + present * up, open * down)
  }
  return bytes
}
