import { createHash, randomBytes } from 'node:crypto'
import type { Registry, SearchConnection, StopWork } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { InsightsError } from '../insights-error.ts'
import {
  type AccessOptions,
  consentUrl,
  drawVerifier,
  type GoogleClient,
  readServiceAccountKey,
  redeemCode,
  refreshedAccess,
  revokeConsent,
  serviceAccountAccess,
} from './access.ts'
import { apiErrorOf } from './api-error.ts'
import {
  type GoogleEndpoints,
  googleEndpoints,
  type GoogleLimits,
  googleLimits,
  requestGoogle,
} from './google-request.ts'
import { type ChosenFigures, chosenFigures } from './chosen-figures.ts'
import { importDays } from './import-days.ts'
import { ofSite, readProperties } from './properties.ts'
import type { AskApi } from './read-day.ts'
import { failureOf } from './search-failure.ts'

/** Where a person's browser comes back to after the consent. */
export const consentPath = '/search-console'

const queue = 'search-console'
const consentTime = 15 * 60_000
/** ms after which an import that was complete is made again. */
const importPause = 6 * 3_600_000

export interface SearchConsoleOptions {
  readonly registry: Pick<Registry, 'sites' | 'searchConnections' | 'searchAuthorizations' | 'jobs'>
  readonly store: Pick<
    Store,
    'recordSearchDays' | 'removeSearchFigures' | 'searchDays' | 'searchFigures' | 'searchSums'
  >
  /** Null if the operator has set none: then only keys of service accounts connect. */
  readonly client: GoogleClient | null
  /** Returns the origin at which browsers reach this server. */
  readonly publicUrl: () => string
  /** Called with the site whose import is complete. */
  readonly onImported: (site: SiteId) => Promise<void>
  /** @default Google's */
  readonly endpoints?: GoogleEndpoints
  /** @default 60 s and 32 MiB */
  readonly limits?: GoogleLimits
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** How much of Search Console's figures was imported. */
export interface ImportProgress {
  /** Days that were read. */
  readonly days: number
  /** `YYYY-MM-DD`, Pacific; null before the first. */
  readonly firstDay: string | null
  readonly lastDay: string | null
}

/** Connections of sites to Google Search Console. */
export interface SearchConsole extends ChosenFigures {
  /** Whether persons can give their consent. */
  readonly hasClient: boolean
  /** Returns a site's connection; null if it has none. */
  connection(site: SiteId): Promise<SearchConnection | null>
  progress(site: SiteId): Promise<ImportProgress>
  /** Returns the address at which a person consents. Only the same holder completes it. @throws {InsightsError} `no-client` */
  begin(site: SiteId, holder: string): Promise<string>
  /**
   * Completes a consent, and chooses the property if just one is of the site.
   * @param may whether the holder may connect the site that the consent is for
   * @throws {InsightsError} `no-client`, `bad-consent`, `unreachable`, `quota`
   */
  complete(
    consent: { readonly code: string; readonly state: string },
    by: { readonly holder: string; readonly may: (site: SiteId) => boolean },
  ): Promise<SearchConnection>
  /** Connects a site by the key of a service account, once Google accepted it. @throws {InsightsError} */
  connectByKey(site: SiteId, file: string): Promise<SearchConnection>
  /** Returns the properties of a site that the account may read. @throws {InsightsError} */
  properties(site: SiteId): Promise<string[]>
  /** Chooses one of them, and requests the import. @throws {InsightsError} `bad-property`, `not-connected` and those of requests */
  choose(site: SiteId, property: string): Promise<SearchConnection>
  /** Ends the connection at Google, too, and removes the figures. Returns false if there was none. */
  disconnect(site: SiteId): Promise<boolean>
  /** Requests the imports that are due. */
  enqueueDue(): Promise<void>
  /** Imports a site's figures now. A failure is recorded, and no error. */
  importSite(site: SiteId, signal: AbortSignal): Promise<void>
  /** Works on the imports that were requested. Resolves to a function that stops it. */
  work(): Promise<StopWork>
}

export function createSearchConsole(options: SearchConsoleOptions): SearchConsole {
  const { registry, store, client, publicUrl, endpoints = googleEndpoints } = options
  const { onImported, limits = googleLimits, now = Date.now } = options
  const { searchConnections: connections, searchAuthorizations: authorizations } = registry
  const never = new AbortController().signal
  const accessOptions = (signal: AbortSignal): AccessOptions => ({ endpoints, limits, signal })
  const redirect = () => `${publicUrl()}${consentPath}`

  const requireClient = (): GoogleClient => {
    if (client !== null) return client
    throw new InsightsError(
      'no-client',
      'This server has no client of Google: its operator sets PEERPRESS_GOOGLE_CLIENT_ID and PEERPRESS_GOOGLE_CLIENT_SECRET. The key of a service account works without.',
    )
  }
  const requireConnection = async (site: SiteId): Promise<SearchConnection> => {
    const found = await connections.get(site)
    if (found === null) throw new InsightsError('not-connected', 'Connect the site to Search Console first.')
    return found
  }
  /** Returns how to ask the API on behalf of a site. One access token serves a whole import. */
  const askFor = (site: SiteId, signal: AbortSignal): AskApi => {
    let token: Promise<string> | null = null
    const access = async () => {
      const { kind } = await requireConnection(site)
      const credential = (await connections.credential(site)) ?? ''
      return kind === 'oauth'
        ? refreshedAccess(accessOptions(signal), { client: requireClient(), refreshToken: credential })
        : serviceAccountAccess(accessOptions(signal), readServiceAccountKey(credential), now())
    }
    const ask = async (path: string, body: object | null, isAgain = false): Promise<unknown> => {
      token ??= access()
      const answer = await requestGoogle(
        `${endpoints.api}${path}`,
        {
          method: body === null ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json' },
          ...(body !== null && { body: JSON.stringify(body) }),
        },
        { signal, limits },
      )
      if (answer.status === 200) return answer.body
      // An access token lasts an hour; a long import outlives it.
      if (answer.status === 401 && !isAgain) {
        token = null
        return ask(path, body, true)
      }
      throw apiErrorOf(answer)
    }
    return (path, body) => ask(path, body)
  }
  const propertiesOf = async (site: SiteId): Promise<string[]> => {
    await requireConnection(site)
    const found = await registry.sites.get(site)
    const all = await readProperties(askFor(site, never))
    return found === null ? [] : all.filter((property) => ofSite(property, found))
  }
  const enqueue = (site: SiteId) =>
    registry.jobs.enqueue({ name: queue, key: site, group: site, data: { site } })
  const choose = async (site: SiteId, property: string) => {
    if (!(await propertiesOf(site)).includes(property)) {
      throw new InsightsError('bad-property', 'The account may read no such property of this site.')
    }
    const chosen = await connections.choose(site, property)
    await enqueue(site)
    return chosen ?? requireConnection(site)
  }
  /** Chooses the property if there is no choice. What fails here can be done by the person. */
  const chooseOnly = async (connection: SearchConnection): Promise<SearchConnection> => {
    const { site, property } = connection
    const [only, ...others] = await propertiesOf(site).catch(() => [])
    if (property !== null || only === undefined || others.length > 0) {
      if (property !== null) await enqueue(site)
      return connection
    }
    return choose(site, only)
  }
  const importSite = async (site: SiteId, signal: AbortSignal): Promise<void> => {
    const connection = await connections.get(site)
    if (connection?.property == null) return
    let hadProgress = false
    const onDay = () => {
      hadProgress = true
    }
    try {
      const ask = askFor(site, signal)
      await importDays({ site, property: connection.property }, { registry, store, ask, now, onDay, signal })
    } catch (error) {
      if (!(error instanceof InsightsError)) throw error
      const attempts = hadProgress ? 0 : connection.attempts
      await connections.failed(site, { ...failureOf(error, { attempts, now: now() }), hadProgress })
      return
    }
    await connections.succeeded(site, new Date(now() + importPause))
    await onImported(site)
  }

  return {
    hasClient: client !== null,
    connection: (site) => connections.get(site),
    progress: async (site) => {
      const days = await connections.days(site)
      return { days: days.length, firstDay: days.at(-1)?.day ?? null, lastDay: days[0]?.day ?? null }
    },
    ...chosenFigures({ registry, store }),
    begin: async (site, holder) => {
      const state = randomBytes(32).toString('base64url')
      const { verifier, challenge } = drawVerifier()
      const url = consentUrl(endpoints, { client: requireClient(), redirect: redirect(), state, challenge })
      const expiresAt = new Date(now() + consentTime)
      await authorizations.begin({ site, holder, verifier }, { hash: sha256(state), expiresAt })
      return url
    },
    complete: async ({ code, state }, { holder, may }) => {
      const of = { client: requireClient(), redirect: redirect(), code }
      const known = await authorizations.take(sha256(state))
      if (known === null || known.holder !== holder || !may(known.site)) {
        throw new InsightsError(
          'bad-consent',
          'The consent is unknown or too old: begin again in the settings of the site.',
        )
      }
      const credential = await redeemCode(accessOptions(never), { ...of, verifier: known.verifier })
      const { site } = known
      return chooseOnly(await connections.connect({ site, kind: 'oauth', account: null, credential }))
    },
    connectByKey: async (site, file) => {
      const key = readServiceAccountKey(file)
      await serviceAccountAccess(accessOptions(never), key, now())
      const input = { site, kind: 'service-account', account: key.email, credential: file } as const
      return chooseOnly(await connections.connect(input))
    },
    properties: propertiesOf,
    choose,
    disconnect: async (site) => {
      const found = await connections.get(site)
      if (found === null) return false
      const credential = await connections.credential(site)
      // First, so that a site whose figures could not be removed is connected still, and can be disconnected again.
      await store.removeSearchFigures(site, null)
      const wasThere = await connections.remove(site)
      // Once more: an import that runs has written until now.
      await store.removeSearchFigures(site, null)
      // The credential is gone from this server in any case; Google lists it until the person removes it there.
      if (found.kind === 'oauth' && credential !== null) {
        await revokeConsent(accessOptions(never), credential).catch((error: unknown) => {
          if (!(error instanceof InsightsError)) throw error
        })
      }
      return wasThere
    },
    enqueueDue: async () => {
      for (const site of await connections.due()) await enqueue(site)
    },
    importSite,
    work: () =>
      registry.jobs.work(queue, 1, ({ data, signal }) =>
        importSite((data as { readonly site: SiteId }).site, signal),
      ),
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
