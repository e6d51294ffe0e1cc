import type { Beacon } from '@peerpress/wire'

type ResourceType = NonNullable<Beacon['resources']>[number]['type']

/** By who asked for it, a blank, and its address: the first that fits. A link preloads anything. */
const types: readonly (readonly [ResourceType, RegExp])[] = [
  ['font', /\.(woff2?|[ot]tf)$/],
  ['image', /^(im|in|css .*[^s]$)|\.(png|jpe?g|gif|webp|avif|svg)$/],
  ['script', /^script|\.m?js$/],
  ['style', /^(link|css)/],
  ['media', /^(video|audio)/],
  ['fetch', /^(fetch|xml)/],
]
/** What a resource is, as far as Resource Timing tells. */
export function resourceType({
  initiatorType,
  name,
}: Pick<PerformanceResourceTiming, 'initiatorType' | 'name'>): ResourceType {
  const told = `${initiatorType} ${name.replace(/[?#].*/, '')}`
  return types.find(([, pattern]) => pattern.test(told))?.[0] ?? 'other'
}
