import { rowTime } from '@peerpress/store'

/** Views that all began within a span of time. */
export interface FailingViews {
  readonly count: number
  /** How many of them missed a picture. */
  readonly failed: number
  /** ms. @default 1000 */
  readonly lcp?: number
  /** ms since the Unix epoch: the end of the span. */
  readonly before: number
  /** ms: the span's length. */
  readonly within: number
}

/** Returns rows for the store, evenly over the span. */
export function failingViews(
  site: string,
  { count, failed, lcp = 1000, before, within }: FailingViews,
): Buffer {
  const rows = Array.from({ length: count }, (_, index) => {
    const started = rowTime(before - within + (index * within) / count)
    return {
      site,
      view: crypto.randomUUID(),
      sequence: 1,
      started_at: started,
      received_at: started,
      url: 'https://blog.test/post/',
      arm: 'assisted',
      navigation: 'navigate',
      lcp,
      has_delivery: false,
      assets_complete: 5,
      assets_failed: index < failed ? 1 : 0,
    }
  })
  return Buffer.concat(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)))
}
