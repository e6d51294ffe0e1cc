import type { Beacon } from '@peerpress/wire'

type ResourceType = NonNullable<Beacon['resources']>[number]['type']

/** Patterns for the initiator type, a blank, and the address. The first match counts. A link may preload any type. */
const types: readonly (readonly [ResourceType, RegExp])[] = [
  ['font', /\.(woff2?|[ot]tf)$/],
  ['image', /^(im|in|css .*[^s]$)|\.(png|jpe?g|gif|webp|avif|svg)$/],
  ['script', /^script|\.m?js$/],
  ['style', /^(link|css)/],
  ['media', /^(video|audio)/],
  ['fetch', /^(fetch|xml)/],
]
/** Returns the type of a resource as far as Resource Timing reveals it. */
export function resourceType({
  initiatorType,
  name,
}: Pick<PerformanceResourceTiming, 'initiatorType' | 'name'>): ResourceType {
  const told = `${initiatorType} ${name.replace(/[?#].*/, '')}`
  return types.find(([, pattern]) => pattern.test(told))?.[0] ?? 'other'
}
