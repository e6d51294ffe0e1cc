import type { SavingsRates } from '@peerpress/registry'
import type { GraphQLResolveInfo } from 'graphql'

type Path = GraphQLResolveInfo['path']

/**
 * Grams of CO2e for a gigabyte that a data centre serves: 0.055 kWh of operation at the world's mean of 494 g a kWh
 * (Sustainable Web Design, Estimating digital emissions, version 4). Network and device are left out, because bytes from
 * peers cross networks, too.
 */
export const defaultGramsPerGigabyte = 0.055 * 494

/** The rates of the site of each report, by the place of the report in its response. */
const ratesOfReports = new WeakMap<Path, SavingsRates>()

/** Sets the rates of all savings beneath a report. */
export function setRates({ path }: GraphQLResolveInfo, rates: SavingsRates): void {
  ratesOfReports.set(path, rates)
}

/** Returns the rates of the report that a field is in. */
export function ratesOf({ path }: GraphQLResolveInfo): SavingsRates {
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) {
    const rates = ratesOfReports.get(at)
    if (rates !== undefined) return rates
  }
  return { pricePerGigabyte: null, currency: null, carbonPerGigabyte: null }
}
