import { sdkPath } from './page.ts'

/** What an SDK took of a page's main thread, ms of the thread's own time: who else uses the machine does not count. */
export interface MainThread {
  /** Its compilation, its evaluation and all that calls it, with what they have the browser do at once. */
  readonly total: number
  /** Of that, in the task where it took most. */
  readonly longest: number
}

/** What has to be traced. */
export const traceCategories = ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] as const

/** An event of Chromium's trace format: `ts`, `dur` and `tdur` (of the thread's own time) in µs. */
interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: {
    readonly beginData?: { readonly url?: string }
    readonly data?: { readonly url?: string }
  }
}

type Span = TraceEvent & { readonly dur: number; readonly tdur: number }

/**
 * Reads the trace of a page whose only other script is a listener without promises: all microtasks beside the SDK's own
 * are of its doing.
 * @throws {Error} when the trace has no such page.
 */
export function readTrace(trace: Uint8Array, url: string): MainThread {
  const { traceEvents } = JSON.parse(Buffer.from(trace).toString()) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const page = traceEvents.find(({ name, args }) => name === 'ParseHTML' && args.beginData?.url === url)
  if (!page) throw new Error(`the trace tells nothing of ${url}`)
  const spans = traceEvents
    .filter((event): event is Span => event.ph === 'X' && event.tdur !== undefined)
    .filter(({ pid, tid }) => pid === page.pid && tid === page.tid)
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)
  const tasks = spans.filter(({ name }) => name === 'RunTask')
  const scripts = outermost(spans.filter((span) => isOfSdk(span) || span.name === 'RunMicrotasks'))
  const shares = tasks.map((task) => {
    const within = scripts.filter(({ ts }) => ts >= task.ts && ts < task.ts + task.dur)
    return within.some(isOfSdk) ? milliseconds(within) : 0
  })
  return { total: shares.reduce((sum, share) => sum + share, 0), longest: Math.max(0, ...shares) }
}

function isOfSdk({ name, args }: TraceEvent): boolean {
  const isScript = name === 'EvaluateScript' || name === 'FunctionCall' || name === 'v8.compile'
  return isScript && args.data?.url?.includes(`${sdkPath}?`) === true
}

/** Spans that are in no other; they come in the order of their start. */
function outermost(spans: readonly Span[]): readonly Span[] {
  let end = 0
  return spans.filter(({ ts, dur }) => {
    const isInside = ts < end
    end = Math.max(end, ts + dur)
    return !isInside
  })
}

function milliseconds(spans: readonly Span[]): number {
  return spans.reduce((sum, { tdur }) => sum + tdur, 0) / 1000
}
