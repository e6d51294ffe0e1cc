/** The longest delay of Node's timers, ms. A timer with a longer delay fires at once, with a warning. */
const longestTimer = 2 ** 31 - 1

/**
 * A clock for the job queue that cannot be set: the start of this process plus the time since. After the system clock was set
 * back, the queue would measure negative durations and sleep until the clock has caught up.
 */
export const steadyClock = {
  now: (): number => Math.round(performance.timeOrigin + performance.now()),
  setTimeout: (run: () => void, ms: number): NodeJS.Timeout => setTimeout(run, Math.min(ms, longestTimer)),
  clearTimeout: (handle: unknown): void => clearTimeout(handle as NodeJS.Timeout),
  setInterval: (run: () => void, ms: number): NodeJS.Timeout => setInterval(run, Math.min(ms, longestTimer)),
  clearInterval: (handle: unknown): void => clearInterval(handle as NodeJS.Timeout),
}

export interface ClockWatchOptions {
  /** The clock that may be set, ms. @default Date.now */
  readonly now?: () => number
  /** A clock that cannot be set, ms. @default performance.now */
  readonly steady?: () => number
  /** Called with the ms that the clock went back by. Never throws. */
  readonly onSetBack: (ms: number) => void
}

/** Time services correct smaller differences all the time, ms. */
const leastSetBack = 60_000

/** Calls `onSetBack` within a second each time the clock is set back by more than a minute, until it is stopped. */
export function watchClock(options: ClockWatchOptions): { look(): void; stop(): void } {
  const { now = Date.now, steady = () => performance.now(), onSetBack } = options
  let lead = now() - steady()
  const look = () => {
    const before = lead
    lead = now() - steady()
    if (before - lead > leastSetBack) onSetBack(before - lead)
  }
  const timer = setInterval(look, 1000)
  timer.unref()
  // An engine whose clock went back sets a timer that is too long for Node, which warns.
  process.on('warning', look)
  const stop = () => {
    clearInterval(timer)
    process.off('warning', look)
  }
  return { look, stop }
}
