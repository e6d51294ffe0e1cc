import type { ViewRow } from './view-row.ts'

/** By what a view was told to be a bot's: docs/reference.md has the definitions. */
export const botSigns = ['agent', 'webdriver', 'impossible', 'data-centre'] as const
export type BotSign = (typeof botSigns)[number]

/** What a bot's view has beside its row. */
export interface BotMark {
  readonly sign: BotSign
  /** The part of the user agent that gave it away; null where something else did. */
  readonly agent: string | null
}

/** A bot's snapshot as the store takes it, JSON without a line's end. */
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
