import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.percent

/** Returns a ratio as the text of a percentage, such as "99.5". */
export function percentText(ratio: number): string {
  return String(Number((100 * ratio).toPrecision(6)))
}

/**
 * Returns the ratio of a percentage that a person typed, with a comma or a point; null for an empty text.
 * @throws Error with what to type instead
 */
export function parsePercent(text: string): number | null {
  const bare = text.replace('%', '').trim().replace(',', '.')
  if (bare === '') return null
  const percent = /^\d{1,3}(?:\.\d{1,6})?$/.test(bare) ? Number(bare) : Number.NaN
  if (Number.isNaN(percent)) throw new Error(texts.typePercentageSuch)
  return Number((percent / 100).toPrecision(8))
}
