import type { Asset } from '@peerpress/wire'

/** Where an asset can be had by HTTP. */
export interface HttpSource {
  readonly kind: 'origin' | 'mirror'
  readonly url: string
}

/** In the order they are asked. `mirror`: what the id of an asset is put after. */
export function httpSources({ id, url }: Asset, mirror: string): readonly HttpSource[] {
  return [
    { kind: 'origin', url },
    { kind: 'mirror', url: mirror + id },
  ]
}
