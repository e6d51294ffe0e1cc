import { publicAddress } from '@peerpress/wire/public-address'
import { CollectorError } from '../collector-error.ts'
import { openCountries } from './country.ts'
import { MmdbFile } from './mmdb-file.ts'

/** The location of an address, as far as it is known. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** ISO 3166-2; if the file has no code, the country's code and the subdivision's name. */
  readonly subdivision: string | null
  readonly network: Network | null
}

/** An autonomous system. */
export interface Network {
  readonly number: number
  readonly organisation: string
}

/** Looks addresses up. */
export interface Places {
  readonly placeOf: (address: string) => Place
  /** Reads the operator's files again if they were replaced. Never rejects. */
  readonly refresh: () => Promise<void>
  close(): void
}

export interface PlacesOptions {
  /** The operator's file of cities, in the schema of MaxMind's GeoIP City and DB-IP. @default none */
  readonly cityFile?: string | undefined
  /** The operator's file of autonomous systems. @default none */
  readonly asnFile?: string | undefined
  /**
   * Called when a file was read again, with null, or could not be read, with the error. The previous content then stays
   * in use.
   */
  readonly onReplaced: (path: string, error: Error | null) => void
}

interface CityEntry {
  readonly country?: { readonly iso_code?: string }
  readonly subdivisions?: readonly { readonly iso_code?: string; readonly names?: { readonly en?: string } }[]
}

interface AsnEntry {
  readonly autonomous_system_number?: number
  readonly autonomous_system_organization?: string
}

/** Time between two checks of the operator's files, ms. Such files are published at most once a day. */
const checkPause = 60_000

const nowhere: Place = { country: null, subdivision: null, network: null }

/**
 * Opens the embedded country file and the operator's files. A city file takes precedence over the embedded file.
 * @throws {CollectorError} `bad-place-file`
 */
export async function openPlaces({ cityFile, asnFile, onReplaced }: PlacesOptions): Promise<Places> {
  const countries = await openCountries()
  const cities = cityFile === undefined ? null : await open<CityEntry>(cityFile)
  const systems = asnFile === undefined ? null : await open<AsnEntry>(asnFile)
  const files = [cities, systems].filter((file) => file !== null)
  const refresh = async () => {
    for (const file of files) {
      try {
        if (await file.refresh()) onReplaced(file.path, null)
      } catch (error) {
        onReplaced(file.path, error as Error)
      }
    }
  }
  const check = () => {
    // If the listener throws, the files are still checked again.
    refresh().catch(() => undefined)
  }
  const timer = files.length === 0 ? undefined : setInterval(check, checkPause).unref()
  return {
    placeOf(address) {
      const plain = publicAddress(address)
      if (plain === null) return nowhere
      const city = cities?.get(plain) ?? null
      const country = city?.country?.iso_code ?? null
      return {
        country: country ?? countries.get(plain)?.country_code ?? null,
        subdivision: country === null ? null : subdivisionOf(country, city),
        network: networkIn(systems?.get(plain) ?? null),
      }
    },
    refresh,
    close: () => clearInterval(timer),
  }
}

async function open<Entry extends object>(path: string): Promise<MmdbFile<Entry>> {
  try {
    return await MmdbFile.open<Entry>(path)
  } catch (cause) {
    throw new CollectorError('bad-place-file', `${path} is missing, or is not a readable MMDB file`, {
      cause,
    })
  }
}

function subdivisionOf(country: string, city: CityEntry | null): string | null {
  const [largest] = city?.subdivisions ?? []
  const name = largest?.iso_code ?? largest?.names?.en
  return name === undefined ? null : `${country}-${name}`
}

function networkIn(entry: AsnEntry | null): Network | null {
  const number = entry?.autonomous_system_number
  return number === undefined ? null : { number, organisation: entry?.autonomous_system_organization ?? '' }
}
