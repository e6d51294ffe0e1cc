/** Measures how long a page had the reader's attention. Times are in ms of one clock. */
export interface EngagedTime {
  /** Records whether the page has the reader's attention from `now` on. */
  attend(attentive: boolean, now: number): void
  /** Returns the time with attention until `now`, ms. */
  total(now: number): number
}

/** Creates a clock that stands still until the page has attention. */
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
