import type { Experiment } from './experiment.ts'
import type { Arrivals, BreakdownRow, Metrics, SeriesPoint, Sessions } from './metrics.ts'
import type { Dimension, Interval, Question } from './question.ts'

/** Page views in ClickHouse. Every call rejects with a `StoreError` only. */
export interface Store {
  /**
   * Writes snapshots of views. Whatever is written twice, in one call or in many, counts once.
   * @param rows NDJSON of `ViewRow`
   * @param token names these very rows: the same rows under the same token are skipped early
   */
  insertViews(rows: Buffer, token: string): Promise<void>
  totals(question: Question): Promise<Metrics>
  /** One point for every interval of the range, oldest first, also where there are no views. */
  series(question: Question, interval: Interval): Promise<SeriesPoint[]>
  /** The `limit` keys with most views, most first. */
  breakdown(question: Question, by: Dimension, limit: number): Promise<BreakdownRow[]>
  /** The sessions with a view that the question chooses, each judged by all its views in the range. */
  sessions(question: Question): Promise<Sessions>
  /** How many of the snapshots of the views that the question chooses came in. */
  arrivals(question: Question): Promise<Arrivals>
  /** Readers that were helped against the control arm; a filter by arm is not heeded. */
  experiment(question: Question): Promise<Experiment>
  /** Waits for what is under way, then lets go of the directory. */
  close(): Promise<void>
}
