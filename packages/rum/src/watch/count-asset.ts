import { add, type Tallies } from './tallies.ts'

/** Of a resource, what Resource Timing tells. Not every browser knows `responseStatus`. */
type Timed = Pick<PerformanceResourceTiming, 'transferSize' | 'encodedBodySize'> & {
  readonly responseStatus?: number
}

/** Counts a picture or medium and its bytes. One that another origin hides is left out: it is not known to be nothing. */
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
    // What came over the network is less than the body where that was in the cache, asked about anew or not.
    add(bytes, transferSize < encodedBodySize ? 'cache' : 'origin', encodedBodySize, 2 ** 40)
  }
}
