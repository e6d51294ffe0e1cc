import type { Asset } from '@peerpress/wire'

/** Where an asset can be had by HTTP. */
export interface HttpSource {
  readonly kind: 'origin' | 'mirror'
  readonly url: string
  /** The server, as far as it fails as a whole. */
  readonly server: string
}

/** Whom to ask first; `mirrors-alone`: the origin was asked already. */
export type HttpOrder = 'origin-first' | 'mirrors-first' | 'mirrors-alone'

/** ms for which a server that failed is asked only after those that did not. */
const restMs = 30_000

/** The servers that have an asset, in the order they are to be asked: those that have failed lately come last. */
export class HttpSources {
  readonly #restsUntil = new Map<string, number>()

  /** `mirrors`: what the id of an asset is put after for each copy of it. `now`: ms. */
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
    const rests = ({ server }: HttpSource): number =>
      Number((this.#restsUntil.get(server) ?? -Infinity) > now)
    return sources.toSorted((a, b) => rests(a) - rests(b))
  }

  /** A server did not give what it should. */
  failed({ server }: HttpSource, now: number): void {
    this.#restsUntil.set(server, now + restMs)
  }
}
