import { readFile } from 'node:fs/promises'

/** Whether a running product sent it, or an encoder of that release made it because the recording had no example. */
export type Origin = 'recorded' | 'encoded'

/** What the fixtures of a release consist of: one JSON file with a list of entries per kind. */
export interface Fixtures {
  readonly site: readonly SiteFixture[]
  readonly beacons: readonly {
    readonly how: Origin
    /** The request's body. */
    readonly body: string
    readonly contentType: string
    /** Status of the answer; null when nobody was asked. */
    readonly status: number | null
  }[]
  readonly 'plugin-events': readonly {
    readonly how: Origin
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    /** ms since the Unix epoch */
    readonly receivedAt: number
    readonly status: number
  }[]
  readonly 'page-configs': readonly {
    readonly how: Origin
    /** What the page shows, and with which settings. */
    readonly page: string
    /** The element's text, as it stands in the page. */
    readonly text: string
  }[]
  readonly tickets: readonly {
    readonly how: Origin
    readonly ticket: string
    readonly post: string
    /** The reader's address as the server saw it. */
    readonly address: string
    /** What the holder asked to meet. */
    readonly meet: 'anybody' | 'seeds'
    readonly isSeed: boolean
    /** ms since the Unix epoch */
    readonly issuedAt: number
  }[]
  readonly leases: readonly { readonly how: Origin; readonly envelope: string; readonly receivedAt: number }[]
  readonly manifests: readonly {
    readonly how: Origin
    readonly post: string
    readonly envelope: string
    /** The header that names mirrors; null when the answer has none. */
    readonly mirrors: string | null
  }[]
  readonly 'tracker-messages': readonly {
    readonly how: Origin
    readonly to: 'tracker' | 'peer'
    readonly text: string
    /** ms since the Unix epoch */
    readonly at: number
    /** The sender's address, where it was recorded. */
    readonly address: string | null
  }[]
  readonly 'peer-messages': readonly {
    readonly how: Origin
    readonly type: string
    readonly base64: string
  }[]
  readonly 'port-messages': readonly {
    readonly how: Origin
    /** `page-call`: a page to the worker itself. `worker-call`: the worker to a page. The others go over the port. */
    readonly channel: PortChannel
    /** Bytes are `{"$bytes": base64}`. */
    readonly message: unknown
  }[]
  readonly bundles: readonly {
    readonly name: string
    readonly version: string
    readonly bytes: number
    readonly sha256: string
  }[]
}

export type PortChannel = 'page-call' | 'worker-call' | 'page' | 'worker'

/** What verifies the other fixtures. The secrets are those of a server that was removed after the recording. */
export interface SiteFixture {
  readonly site: string
  /** Origin of the site. */
  readonly origin: string
  /** Origin of the server. */
  readonly server: string
  /** Ed25519, base64url. */
  readonly publicKey: string
  readonly webhookSecret: string
  /** base64 */
  readonly ticketKey: string
}

/** Releases that fixtures exist of, oldest first. */
export const fixtureReleases = ['0.1'] as const

export type FixtureRelease = (typeof fixtureReleases)[number]

/** Folder of a release's fixtures. */
export function fixtureFolder(release: FixtureRelease): URL {
  return new URL(`../../fixtures/${release}/`, import.meta.url)
}

/** Reads the entries of one kind. */
export async function readFixtures<Kind extends keyof Fixtures>(
  release: FixtureRelease,
  kind: Kind,
): Promise<Fixtures[Kind]> {
  return JSON.parse(await readFile(new URL(`${kind}.json`, fixtureFolder(release)), 'utf8')) as Fixtures[Kind]
}

/** Restores bytes in a message that was recorded between a page and its worker. */
export function restoreBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreBytes)
  if (typeof value !== 'object' || value === null) return value
  if ('$bytes' in value) return Uint8Array.from(Buffer.from(String(value.$bytes), 'base64'))
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, restoreBytes(field)]))
}
