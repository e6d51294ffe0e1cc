/** Adds up how long a page had its reader's attention. Times are ms of one clock. */
export interface EngagedTime {
  /** The page has, or has lost, the reader's attention from `now` on. */
  attend(attentive: boolean, now: number): void
  /** ms with attention until `now`. */
  total(now: number): number
}

/** A clock that stands until the page has attention. */
export function engagedTime(): EngagedTime {
  let before = 0
  let since: number | undefined
  const total = (now: number) => before + (since === undefined ? 0 : Math.max(0, now - since))
  return {
    total,
    attend(attentive, now) {
      before = total(now)
      since = attentive ? now : undefined
    },
  }
}
