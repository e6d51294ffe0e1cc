import type { Asset } from '@peerpress/wire'

/** An HTTP source of an asset. */
export interface HttpSource {
  readonly kind: 'origin' | 'mirror'
  readonly url: string
  /** Identifies the server, because a server fails as a whole. Empty for the origin. */
  readonly server: string
}

/** The preferred order of sources. `mirrors-alone`: the origin was already tried. */
export type HttpOrder = 'origin-first' | 'mirrors-first' | 'mirrors-alone'

/** Time during which a failed server is used only after all others, ms. */
const penaltyMs = 30_000

/** Orders the servers of an asset for use. Servers that failed recently come last. */
export class HttpSources {
  readonly #penalizedUntil = new Map<string, number>()

  /** Returns the sources of an asset in order of use. `mirrors`: URL prefixes for the asset's id. `now`: ms. */
  inOrder(
    { id, url }: Asset,
    {
      mirrors,
      order,
      now,
    }: { readonly mirrors: readonly string[]; readonly order: HttpOrder; readonly now: number },
  ): readonly HttpSource[] {
    const copies = mirrors.map((server): HttpSource => ({ kind: 'mirror', url: server + id, server }))
    const origin: HttpSource = { kind: 'origin', url, server: '' }
    const sources = {
      'origin-first': [origin, ...copies],
      'mirrors-first': [...copies, origin],
      'mirrors-alone': copies,
    }[order]
    const penalized = ({ server }: HttpSource): number =>
      Number((this.#penalizedUntil.get(server) ?? -Infinity) > now)
    return sources.toSorted((a, b) => penalized(a) - penalized(b))
  }

  /** Records the failure of a server. */
  failed({ server }: HttpSource, now: number): void {
    this.#penalizedUntil.set(server, now + penaltyMs)
  }
}
