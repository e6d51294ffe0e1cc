const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})
const dayMs = 86_400_000

/** Months that Search Console has figures of. */
const storedMonths = 16

/** Returns the day of a moment in Search Console's time zone, `YYYY-MM-DD`. */
export function pacificDay(epochMs: number): string {
  return format.format(epochMs)
}

/** Returns the day that is this many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** Returns the first day that Search Console has figures of. */
export function firstStoredDay(today: string): string {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month - storedMonths, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - storedMonths, Math.min(day, lastOfMonth)))
    .toISOString()
    .slice(0, 10)
}
