import { add, type Tallies } from './tallies.ts'

/** The fields of Resource Timing that are read. Some browsers lack `responseStatus`. */
type Timed = Pick<PerformanceResourceTiming, 'transferSize' | 'encodedBodySize'> & {
  readonly responseStatus?: number
}

/**
 * Counts an image or media resource and its bytes. A resource that another origin hides is left out, because its size
 * is unknown.
 */
export function countAsset(
  tallies: Pick<Tallies, 'delivery'>,
  { responseStatus = 0, transferSize, encodedBodySize }: Timed,
): void {
  if (!responseStatus && !encodedBodySize) return
  const { assets, bytes } = (tallies.delivery ??= {
    assets: { complete: 0, failed: 0 },
    bytes: { origin: 0, cache: 0 },
  })
  if (responseStatus >= 400) add(assets, 'failed')
  else {
    add(assets, 'complete')
    // If fewer bytes than the body came over the network, the body was cached, revalidated or not.
    add(bytes, transferSize < encodedBodySize ? 'cache' : 'origin', encodedBodySize, 2 ** 40)
  }
}
