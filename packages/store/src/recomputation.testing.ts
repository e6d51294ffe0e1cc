import type { Metrics } from './model/catalogue/catalogue.ts'
import type { Arrivals, Sessions } from './model/report.ts'
import type { Quantile, Ratings } from './model/values.ts'
import type { Dimension, Filter, ReportQuery } from './model/report-query.ts'
import type { ViewRow } from './model/view-row.ts'

/** Returns the rows that count for a query, found in the simplest way. */
export function countingRows(
  rows: readonly ViewRow[],
  { site, from, to, filter = {} }: ReportQuery,
): ViewRow[] {
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
    return row.site === site && started >= from.getTime() && started < to.getTime() && matches(row, filter)
  })
}

/** Returns whether a row matches a filter, in the simplest way. */
function matches(row: ViewRow, { where = [], ...one }: Filter): boolean {
  const named = Object.entries(one).every(
    ([by, value]) => value === undefined || row[by as Dimension] === value,
  )
  return (
    named &&
    where.every(({ by, eq, in: among, not, isUnknown }) => {
      const value = row[by] ?? null
      return (
        (eq === undefined || value === eq) &&
        (among === undefined || (value !== null && among.includes(value))) &&
        (not === undefined || value === null || !not.includes(value)) &&
        (isUnknown === undefined || (value === null) === isUnknown)
      )
    })
  )
}

/** Recomputes every metric from rows that count. */
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
  const shareable = sum((row) =>
    row.has_delivery
      ? row.bytes_peer + row.bytes_seed + row.bytes_mirror + row.bytes_origin + row.bytes_cache
      : 0,
  )
  const manifestOrigin = sum((row) => (row.has_delivery ? row.bytes_origin : 0))
  const needed = manifestOrigin + bytes.peer + bytes.seed + bytes.mirror
  const helped = rows.filter(
    (row) => row.bytes_peer + row.bytes_seed + row.bytes_mirror > 0 || row.rejected_chunks > 0,
  )
  const giving = rows.filter((row) => row.has_delivery && row.arm === 'assisted')
  const painted = rows.flatMap(({ lcp }) => (lcp === null ? [] : [Math.fround(lcp)]))
  const played = sum((row) => row.played_ms ?? 0)
  const stalled = sum((row) => row.stalled_ms ?? 0)
  const listening = rows.filter((row) => typeof row.script_errors === 'number')
  return {
    views: rows.length,
    estimatedViews: sum((row) => 1 / (row.sampling ?? 1)),
    reliability: {
      errorFreeRatio:
        listening.length === 0
          ? null
          : listening.filter((row) => row.script_errors === 0).length / listening.length,
      assetSuccessRatio: complete + failed === 0 ? null : complete / (complete + failed),
      viewSuccessRatio:
        asking.length === 0 ? null : asking.filter((row) => row.assets_failed === 0).length / asking.length,
      viewsWithAssets: asking.length,
      viewsWithoutFailure: asking.filter((row) => row.assets_failed === 0).length,
      fallbackRatio: shareOf(
        asking.filter((row) => row.has_delivery && row.arm === 'assisted'),
        (row) => row.fallbacks > 0,
      ),
      wrongChunkRatio: shareOf(helped, (row) => row.rejected_chunks > 0),
      stallRatio: played + stalled === 0 ? null : stalled / (played + stalled),
      stalls: sum((row) => row.stalls ?? 0),
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
      longFrameTime: quantile(
        rows.map((row) => row.long_frames_duration ?? null),
        0.75,
      ),
    },
    ratings: {
      lcp: ratings(
        rows.map((row) => row.lcp),
        2500,
        4000,
      ),
      inp: ratings(
        rows.map((row) => row.inp),
        200,
        500,
      ),
      cls: ratings(
        rows.map((row) => row.cls),
        0.1,
        0.25,
      ),
      fcp: ratings(
        rows.map((row) => row.fcp),
        1800,
        3000,
      ),
      ttfb: ratings(
        rows.map((row) => row.ttfb),
        800,
        1800,
      ),
    },
    coreWebVitals: passing(rows),
    apdex:
      painted.length === 0
        ? null
        : (painted.filter((lcp) => lcp <= 2500).length +
            painted.filter((lcp) => lcp > 2500 && lcp <= 10_000).length / 2) /
          painted.length,
    delivery: {
      peerHitRatio: shareable === 0 ? null : bytes.peer / shareable,
      residualOriginLoad: needed === 0 ? null : manifestOrigin / needed,
      bytesSaved:
        shareable === 0 ? null : Math.min(bytes.peer + bytes.seed + bytes.mirror, Number.MAX_SAFE_INTEGER),
      bytes,
      uploaded: sum((row) => row.uploaded),
      connectedRatio: shareOf(giving, (row) => row.peers > 0),
      fairness: jain(giving.map((row) => row.uploaded)),
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

/** Recomputes the arrivals of a query in the simplest way. */
export function recomputeArrivals(rows: readonly ViewRow[], query: ReportQuery): Arrivals {
  let sent = 0
  let received = 0
  for (const { view, sequence } of countingRows(rows, query)) {
    sent += sequence
    const all = rows.filter((row) => row.site === query.site && row.view === view)
    received += new Set(all.map((row) => row.sequence)).size
  }
  return { sent, received, loss: sent === 0 ? null : (sent - received) / sent }
}

/** Recomputes the sessions of a query in the simplest way. */
export function recomputeSessions(rows: readonly ViewRow[], query: ReportQuery): Sessions {
  const inRange = countingRows(rows, { ...query, filter: {} })
  const chosen = new Set(countingRows(rows, query).map((row) => row.session))
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

function passing(rows: readonly ViewRow[]): Metrics['coreWebVitals'] {
  const upTo = (values: readonly (number | null)[], limit: number) => {
    const p75 = quantile(values, 0.75)
    return p75 === null || !p75.enough ? null : p75.value <= Math.fround(limit)
  }
  const lcp = upTo(
    rows.map((row) => row.lcp),
    2500,
  )
  const inp = upTo(
    rows.map((row) => row.inp),
    200,
  )
  const cls = upTo(
    rows.map((row) => row.cls),
    0.1,
  )
  if (lcp === false || inp === false || cls === false) return 'no'
  return lcp === true && cls === true ? 'yes' : 'unknown'
}

function shareOf(rows: readonly ViewRow[], chosen: (row: ViewRow) => boolean): number | null {
  return rows.length === 0 ? null : rows.filter(chosen).length / rows.length
}

function ratings(values: readonly (number | null)[], upToGood: number, abovePoor: number): Ratings | null {
  const known = values.filter((value) => value !== null).map(Math.fround)
  if (known.length === 0) return null
  const good = known.filter((value) => value <= Math.fround(upToGood)).length
  const poor = known.filter((value) => value > Math.fround(abovePoor)).length
  return { good, needsImprovement: known.length - good - poor, poor }
}

function jain(given: readonly number[]): number | null {
  const sum = given.reduce((total, bytes) => total + bytes, 0)
  const squares = given.reduce((total, bytes) => total + bytes ** 2, 0)
  return squares === 0 ? null : Number((sum ** 2 / (given.length * squares)).toPrecision(9))
}

function quantile(values: readonly (number | null)[], p: number): Quantile | null {
  // The engine stores 32-bit floats.
  const sorted = values
    .filter((value) => value !== null)
    .map(Math.fround)
    .toSorted((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return null
  const margin = 1.96 * Math.sqrt((p * (1 - p)) / n)
  const at = (share: number) => sorted[Math.min(n, Math.max(1, Math.ceil(n * share))) - 1] ?? Number.NaN
  return { p, value: at(p), low: at(p - margin), high: at(p + margin), samples: n, enough: n >= 30, error: 0 }
}

/** Rounds metrics to the engine's 32-bit floats, so that both sides can be compared. */
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
  const { speed, engagement, delivery } = metrics
  return {
    ...metrics,
    // A sum of squares depends on its order.
    delivery: { ...delivery, fairness: delivery.fairness && Number(delivery.fairness.toPrecision(9)) },
    speed: Object.fromEntries(
      Object.entries(speed).map(([name, exact]) => [name, round(exact)]),
    ) as unknown as Metrics['speed'],
    engagement: { engagedMs: round(engagement.engagedMs), scrollDepth: round(engagement.scrollDepth) },
  }
}
