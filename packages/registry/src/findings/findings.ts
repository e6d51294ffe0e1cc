import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A finding that an analysis made. */
export interface FindingInput {
  /** The rule that found it. */
  readonly rule: string
  /** What the rule found it about, such as a country or a post. A site has one finding of a rule and subject. */
  readonly subject: string
  /** Sentence, figures and the like, as JSON. */
  readonly content: object
  /** How far it deviates, comparable between findings of one rule. */
  readonly effect: number
  /** Its rank among all findings: the highest is first. */
  readonly score: number
}

/** A finding of the last analysis. */
export interface StoredFinding extends FindingInput {
  readonly site: SiteId
  readonly firstFoundAt: Date
  readonly lastFoundAt: Date
  /** When somebody dismissed it; null if nobody did, or if it became clearly worse since. */
  readonly dismissedAt: Date | null
}

/** The result of an analysis of a site. */
export interface AnalysisInput {
  readonly site: SiteId
  /** How each region's visibility changed, as JSON. */
  readonly regions: object
  readonly findings: readonly FindingInput[]
  /** A dismissed finding comes back when its effect is this many times that of its dismissal. */
  readonly worse: number
}

/** The last analysis of a site. */
export interface StoredAnalysis {
  readonly analysedAt: Date
  /** As it was recorded. */
  readonly regions: unknown
}

/** The results of analyses. */
export interface Findings {
  /** Replaces a site's analysis and its findings. Dismissals stay. Returns false if there is no such site. */
  record(analysis: AnalysisInput): Promise<boolean>
  analysis(site: SiteId): Promise<StoredAnalysis | null>
  /** Returns the findings of the last analysis, also dismissed ones, by score. */
  list(site: SiteId): Promise<StoredFinding[]>
  /** Returns a finding of the last analysis, or null. */
  get(site: SiteId, rule: string, subject: string): Promise<StoredFinding | null>
  /** Dismisses a finding of the last analysis, or takes the dismissal back. Returns it, or null if there is none. */
  dismiss(
    key: { readonly site: SiteId; readonly rule: string; readonly subject: string },
    isDismissed: boolean,
  ): Promise<StoredFinding | null>
}

/** How long the dismissal of a finding that no analysis finds any more is stored, ms. */
const dismissalMs = 366 * 86_400_000

export function createFindings(database: Database, now: () => number): Findings {
  const find = async (rest: string, params: readonly unknown[]): Promise<StoredFinding[]> =>
    (await database.query<FindingRow>(`${select} ${rest}`, params)).map(findingOf)
  return {
    record: async (analysis) =>
      isSiteId(analysis.site) &&
      database.transaction((sql) => recordAnalysis(sql, analysis, new Date(now()))),
    analysis: async (site) => {
      if (!isSiteId(site)) return null
      const [row] = await database.query<{ analysed_at: Date; regions: unknown }>(
        'select analysed_at, regions from peerpress.analysis where site = $1',
        [site],
      )
      return row === undefined ? null : { analysedAt: row.analysed_at, regions: row.regions }
    },
    list: async (site) =>
      isSiteId(site) ? find('where site = $1 and is_current order by score desc, rule, subject', [site]) : [],
    get: async (site, rule, subject) => {
      if (!isKey(site, rule, subject)) return null
      const where = 'where site = $1 and rule = $2 and subject = $3 and is_current'
      return (await find(where, [site, rule, subject]))[0] ?? null
    },
    dismiss: async ({ site, rule, subject }, isDismissed) => {
      if (!isKey(site, rule, subject)) return null
      const rows = await database.query<FindingRow>(
        `update peerpress.finding set dismissed_at = $4::timestamptz,
           dismissed_effect = case when $4::timestamptz is null then null else effect end
         where site = $1 and rule = $2 and subject = $3 and is_current returning ${columns}`,
        [site, rule, subject, isDismissed ? new Date(now()) : null],
      )
      return rows.map(findingOf)[0] ?? null
    },
  }
}

const columns = 'site, rule, subject, content, effect, score, first_found_at, last_found_at, dismissed_at'
const select = `select ${columns} from peerpress.finding`

interface FindingRow extends FindingInput {
  readonly site: SiteId
  readonly first_found_at: Date
  readonly last_found_at: Date
  readonly dismissed_at: Date | null
}

function findingOf({ first_found_at, last_found_at, dismissed_at, ...rest }: FindingRow): StoredFinding {
  return { ...rest, firstFoundAt: first_found_at, lastFoundAt: last_found_at, dismissedAt: dismissed_at }
}

/** Postgres refuses text with U+0000. */
function isKey(site: string, rule: string, subject: string): boolean {
  return isSiteId(site) && !`${rule}${subject}`.includes('\0') && `${rule}${subject}`.isWellFormed()
}

async function recordAnalysis(
  sql: Sql,
  { site, regions, findings, worse }: AnalysisInput,
  at: Date,
): Promise<boolean> {
  const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
  if (known === undefined) return false
  await sql.query(
    `insert into peerpress.analysis (site, analysed_at, regions) values ($1, $2, $3::text::jsonb)
     on conflict (site) do update set analysed_at = excluded.analysed_at, regions = excluded.regions`,
    [site, at, JSON.stringify(regions)],
  )
  await sql.query('update peerpress.finding set is_current = false where site = $1', [site])
  await sql.query(
    `insert into peerpress.finding as known (site, rule, subject, content, effect, score, is_current, first_found_at,
       last_found_at)
     select $1, rule, subject, content, effect, score, true, $2, $2 from jsonb_to_recordset($3::text::jsonb)
       as found (rule text, subject text, content jsonb, effect double precision, score double precision)
     on conflict (site, rule, subject) do update set
       content = excluded.content, effect = excluded.effect, score = excluded.score, is_current = true,
       last_found_at = excluded.last_found_at,
       dismissed_at = case when excluded.effect >= $4::double precision * known.dismissed_effect then null
         else known.dismissed_at end,
       dismissed_effect = case when excluded.effect >= $4::double precision * known.dismissed_effect then null
         else known.dismissed_effect end`,
    [site, at, JSON.stringify(findings), worse],
  )
  await sql.query(
    `delete from peerpress.finding
     where site = $1 and not is_current and (dismissed_at is null or last_found_at < $2)`,
    [site, new Date(at.getTime() - dismissalMs)],
  )
  return true
}
