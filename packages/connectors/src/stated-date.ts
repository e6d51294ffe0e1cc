/** The first web page was published in 1991. An earlier date is a clock that was never set. */
const earliest = Date.UTC(1991, 0)
/** ms that the clock of a site may be ahead. */
const tolerance = 24 * 60 * 60 * 1000
/** Maximum length of a date in any of the formats of feeds. */
const maxLength = 64

/**
 * Parses a date that a site states. Returns null for a text that is no date, for dates before the web, and for dates
 * more than a day after `now`. Such a date neither blocks an entry nor gives it precedence.
 */
export function statedDate(text: string | undefined, now: number): Date | null {
  if (text === undefined || text.length > maxLength) return null
  const time = Date.parse(text.trim())
  return time >= earliest && time <= now + tolerance ? new Date(time) : null
}
