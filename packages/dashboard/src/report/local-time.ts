const dayMs = 86_400_000

/** Returns how far a time zone's clocks are ahead of UTC at a time in ms, minutes. */
export function offsetMinutes(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d+):(\d+)/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** Returns a time in a time zone with its offset, such as `2026-05-01T13:00:00+02:00`. */
export function localTime(at: number, timeZone: string): string {
  const offset = offsetMinutes(at, timeZone)
  const two = (number: number) => String(number).padStart(2, '0')
  const text = new Date(at + offset * 60_000).toISOString().slice(0, 19)
  const size = Math.abs(offset)
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Returns the day of a time in a time zone, `YYYY-MM-DD`. */
export function dayOf(at: number, timeZone: string): string {
  return localTime(at, timeZone).slice(0, 10)
}

/** Returns the day that is so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Returns the first moment of a day in a time zone, ms. Where clocks skip midnight, it is the first moment after. */
export function startOfDay(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  const guess = utc - offsetMinutes(utc, timeZone) * 60_000
  // The offset at the guess decides where clocks change between it and midnight of UTC.
  return utc - offsetMinutes(guess, timeZone) * 60_000
}
