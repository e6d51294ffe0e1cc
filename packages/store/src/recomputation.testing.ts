import type { Arrivals, Metrics, Quantile, Sessions } from './metrics.ts'
import type { Question } from './question.ts'
import type { ViewRow } from './view-row.ts'

/** The rows that count for a question, found the obvious way. */
export function countingRows(rows: readonly ViewRow[], { site, from, to, filter = {} }: Question): ViewRow[] {
  const chosen = new Map<string, ViewRow>()
  for (const row of rows) {
    const key = `${row.site} ${row.view}`
    const known = chosen.get(key)
    const newer =
      known === undefined ||
      row.sequence > known.sequence ||
      (row.sequence === known.sequence && row.received_at < known.received_at)
    if (newer) chosen.set(key, row)
  }
  return [...chosen.values()].filter((row) => {
    const started = Date.parse(`${row.started_at.replace(' ', 'T')}Z`)
    return (
      row.site === site &&
      started >= from.getTime() &&
      started < to.getTime() &&
      (filter.post === undefined || row.post === filter.post) &&
      (filter.country === undefined || row.country === filter.country) &&
      (filter.arm === undefined || row.arm === filter.arm) &&
      (filter.device === undefined || row.device === filter.device)
    )
  })
}

/** Every figure, recomputed from rows that count. */
export function recompute(rows: readonly ViewRow[]): Metrics {
  const sum = (column: (row: ViewRow) => number) => rows.reduce((total, row) => total + column(row), 0)
  const complete = sum((row) => row.assets_complete)
  const failed = sum((row) => row.assets_failed)
  const asking = rows.filter((row) => row.assets_complete + row.assets_failed > 0)
  const bytes = {
    peer: sum((row) => row.bytes_peer),
    seed: sum((row) => row.bytes_seed),
    mirror: sum((row) => row.bytes_mirror),
    origin: sum((row) => row.bytes_origin),
    cache: sum((row) => row.bytes_cache),
  }
  const all = bytes.peer + bytes.seed + bytes.mirror + bytes.origin + bytes.cache
  return {
    views: rows.length,
    reliability: {
      assetSuccess: complete + failed === 0 ? null : complete / (complete + failed),
      viewSuccess:
        asking.length === 0 ? null : asking.filter((row) => row.assets_failed === 0).length / asking.length,
      wrongBytes: sum((row) => row.wrong_bytes),
      rejectedChunks: sum((row) => row.rejected_chunks),
      droppedPeers: sum((row) => row.dropped_peers),
      fallbacks: sum((row) => row.fallbacks),
    },
    speed: {
      lcp: quantile(
        rows.map((row) => row.lcp),
        0.75,
      ),
      inp: quantile(
        rows.map((row) => row.inp),
        0.75,
      ),
      cls: quantile(
        rows.map((row) => row.cls),
        0.75,
      ),
      fcp: quantile(
        rows.map((row) => row.fcp),
        0.75,
      ),
      ttfb: quantile(
        rows.map((row) => row.ttfb),
        0.75,
      ),
      load: quantile(
        rows.map((row) => row.load),
        0.75,
      ),
    },
    delivery: {
      peerHitRatio: all === 0 ? null : bytes.peer / all,
      bytes,
      uploaded: sum((row) => row.uploaded),
    },
    engagement: {
      engagedMs: quantile(
        rows.map((row) => row.engaged_ms),
        0.5,
      ),
      scrollDepth: quantile(
        rows.map((row) => row.scroll_depth),
        0.5,
      ),
    },
  }
}

/** What of the snapshots of a question's views came in, the obvious way. */
export function recomputeArrivals(rows: readonly ViewRow[], question: Question): Arrivals {
  let sent = 0
  let received = 0
  for (const { view, sequence } of countingRows(rows, question)) {
    sent += sequence
    const all = rows.filter((row) => row.site === question.site && row.view === view)
    received += new Set(all.map((row) => row.sequence)).size
  }
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}

/** The sessions of a question, the obvious way. */
export function recomputeSessions(rows: readonly ViewRow[], question: Question): Sessions {
  const inRange = countingRows(rows, { ...question, filter: {} })
  const chosen = new Set(countingRows(rows, question).map((row) => row.session))
  chosen.delete(null)
  const all = [...chosen].map((session) => inRange.filter((row) => row.session === session))
  const share = (part: number) => (all.length === 0 ? null : part / all.length)
  const isEngaged = (views: readonly ViewRow[]) =>
    views.length >= 2 || views.some((row) => row.engaged_ms >= 10_000)
  return {
    count: all.length,
    viewsPerSession: share(all.flat().length),
    engaged: share(all.filter(isEngaged).length),
    bounce: share(all.filter((views) => !isEngaged(views)).length),
  }
}

function quantile(values: readonly (number | null)[], p: number): Quantile | null {
  // The engine keeps 32-bit floats.
  const sorted = values
    .filter((value) => value !== null)
    .map(Math.fround)
    .toSorted((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return null
  const margin = 1.96 * Math.sqrt((p * (1 - p)) / n)
  const at = (share: number) => sorted[Math.min(n, Math.max(1, Math.ceil(n * share))) - 1] ?? Number.NaN
  return { p, value: at(p), low: at(p - margin), high: at(p + margin), samples: n, enough: n >= 30 }
}

/** Metrics as the engine's 32-bit floats have them, so that both sides can be compared. */
export function rounded(metrics: Metrics): Metrics {
  const round = (exact: Quantile | null) =>
    exact === null
      ? null
      : {
          ...exact,
          value: Math.fround(exact.value),
          low: Math.fround(exact.low),
          high: Math.fround(exact.high),
        }
  const { speed, engagement } = metrics
  return {
    ...metrics,
    speed: {
      lcp: round(speed.lcp),
      inp: round(speed.inp),
      cls: round(speed.cls),
      fcp: round(speed.fcp),
      ttfb: round(speed.ttfb),
      load: round(speed.load),
    },
    engagement: { engagedMs: round(engagement.engagedMs), scrollDepth: round(engagement.scrollDepth) },
  }
}
