import type { ViewRow } from './view-row.ts'

/** The signs that identify a bot's view: docs/reference.md has the definitions. */
export const botSigns = ['agent', 'webdriver', 'impossible', 'data-centre'] as const
export type BotSign = (typeof botSigns)[number]

/** The classification of a bot's view, beside its row. */
export interface BotMark {
  readonly sign: BotSign
  /** The part of the user agent that identified it; null if another sign did. */
  readonly agent: string | null
}

/** Encodes a bot's snapshot for the store, as JSON without a line break. */
export function encodeBotRow(row: ViewRow, { sign, agent }: BotMark): string {
  return JSON.stringify({
    site: row.site,
    view: row.view,
    sequence: row.sequence,
    started_at: row.started_at,
    received_at: row.received_at,
    sign,
    agent,
    post: row.post,
    arm: row.arm,
    country: row.country,
    subdivision: row.subdivision ?? null,
    network: row.network ?? null,
    device: row.device,
    snapshot: JSON.stringify(row),
  })
}
