/** Longest delay that Node's timers take, ms; a longer one fires at once, with a warning, again and again. */
const longestTimer = 2 ** 31 - 1

/**
 * A clock for the job queue that nobody can set: the time of this process's start and what passed since. By the system
 * clock the queue would measure negative durations once that is set back, and sleep until the lost time has come again.
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
  /** A clock that may not, ms. @default performance.now */
  readonly steady?: () => number
  /** Called with the ms that the clock went back by. Never throws. */
  readonly onSetBack: (ms: number) => void
}

/** Less is what time services correct in passing, ms. */
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
  // A timer that is longer than Node's take is what an engine sets whose clock went back; it fires each millisecond.
  process.on('warning', look)
  const stop = () => {
    clearInterval(timer)
    process.off('warning', look)
  }
  return { look, stop }
}
