import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ipaddr from 'ipaddr.js'
import { type Response, Reader } from 'mmdb-lib'

/** Tells the ISO 3166-1 alpha-2 code of an address's country; null when it is not known. */
export type CountryOf = (address: string) => string | null

/** Public-domain country ranges by IP Location DB (geo-whois-asn-country, CC0). */
const embedded = fileURLToPath(
  import.meta.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
)

/** Opens the embedded country file; about 10 MB stay in memory. */
export async function openCountryFile(path: string = embedded): Promise<CountryOf> {
  const reader = new Reader<Response & { readonly country_code?: string }>(await readFile(path))
  return (address) => {
    if (!ipaddr.isValid(address)) return null
    const plain = ipaddr.process(address)
    if (plain.range() !== 'unicast') return null
    return reader.get(plain.toString())?.country_code ?? null
  }
}
