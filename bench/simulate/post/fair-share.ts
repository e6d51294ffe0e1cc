/** A crowd as fluids: rates are bytes/ms of content (headers taken off), times ms, sizes bytes. */
export interface FluidCrowd {
  /** In order; a reader stays and gives until the last one has everything. */
  readonly arrivals: readonly number[]
  /** What each reader takes from the origin alone, because the browser loads it before anything can help. */
  readonly fromOrigin: readonly number[]
  /** What each reader needs besides that. */
  readonly fromAnyone: readonly number[]
  readonly originUp: number
  readonly up: number
  readonly down: number
}

interface Reader {
  readonly arrivedAt: number
  fold: number
  rest: number
}

/** Bytes that count as none, after rounding. */
const crumb = 1e-3

/**
 * How long each reader of a crowd waits, ms in order of arrival, if the origin and all readers who are there send all the
 * time and share what they send max-min fairly among the readers who still need something. Nothing waits for a round
 * trip, a decision or a copy, and everybody always has what another one needs: real swarms can come close to it, but
 * are not faster for long. Unlike a fluid limit it gives no reader priority over another.
 */
export function fairShareTimes(crowd: FluidCrowd): number[] {
  const { arrivals } = crowd
  const present: Reader[] = []
  const times: number[] = arrivals.map(() => 0)
  const places = new Map<Reader, number>()
  let now = 0
  let left = arrivals.length
  for (let next = 0; left > 0;) {
    const nextArrival = arrivals[next] ?? Infinity
    const needy = present.filter(isNeedy)
    const rates = ratesOf(needy, present.length, crowd)
    let step = nextArrival - now
    for (const [place, reader] of needy.entries()) {
      const rate = rates[place] as number
      step = Math.min(step, (reader.fold > 0 ? reader.fold : reader.rest) / rate)
    }
    now += step
    for (const [place, reader] of needy.entries()) {
      const bytes = step * (rates[place] as number)
      if (reader.fold > 0) reader.fold = settled(reader.fold - bytes)
      else reader.rest = settled(reader.rest - bytes)
      if (isNeedy(reader)) continue
      times[places.get(reader) as number] = now - reader.arrivedAt
      left--
    }
    if (now < nextArrival) continue
    const reader = {
      arrivedAt: nextArrival,
      fold: crowd.fromOrigin[next] ?? 0,
      rest: crowd.fromAnyone[next] ?? 0,
    }
    places.set(reader, next++)
    present.push(reader)
  }
  return times
}

/** Bytes/ms of each reader who needs something: those who need the origin share it alone, the others also the peers. */
function ratesOf(needy: readonly Reader[], present: number, { originUp, up, down }: FluidCrowd): number[] {
  const atOrigin = needy.filter(({ fold }) => fold > 0).length
  const anywhere = needy.length - atOrigin
  // Nobody sends to itself.
  const peers = up * (anywhere === 1 ? present - 1 : present)
  const equal = (originUp + peers) / needy.length
  // As long as the origin can give its own readers an equal share, all get one; else it is theirs alone.
  const isShared = anywhere > 0 && equal * atOrigin <= originUp
  return needy.map(({ fold }) => {
    if (isShared) return Math.min(down, equal)
    return Math.min(down, fold > 0 ? originUp / atOrigin : peers / anywhere)
  })
}

function isNeedy({ fold, rest }: Reader): boolean {
  return fold > 0 || rest > 0
}

function settled(bytes: number): number {
  return bytes < crumb ? 0 : bytes
}
