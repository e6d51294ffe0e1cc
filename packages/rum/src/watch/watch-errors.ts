import type { Beacon, maxErrorLength, maxErrorSamples } from '@peerpress/wire'
import { boundedText } from '../bounded-text.ts'
import type { Listen } from './listen.ts'
import { resourceAddress } from '../page/resource-address.ts'
import { add, type Tallies } from './tallies.ts'

type Sample = NonNullable<Beacon['errors']>['samples'][number]

const maxLength: typeof maxErrorLength = 200
const maxSamples: typeof maxErrorSamples = 3

/**
 * Counts uncaught errors and failed resources, and stores the text of the first distinct ones. Queries and e-mail
 * addresses are removed from the texts.
 */
export function watchErrors(now: () => Tallies, listen: Listen): void {
  listen(
    'error',
    ({ target, message, filename, lineno }) => {
      if (target === window) count('script', message, { source: filename, line: lineno })
      else {
        const { localName, src, href } = target as Element & { readonly src?: string; readonly href?: string }
        count('resource', localName, { source: src || href })
      }
    },
    // The error event of a failed resource does not bubble.
    true,
  )
  listen('unhandledrejection', ({ reason }) =>
    // Pages reject with values of any type.
    count('rejection', String((reason as { readonly message?: unknown } | null)?.message ?? reason)),
  )

  function count(...told: Parameters<typeof sampleOf>): void {
    const { errors } = now()
    const { samples } = errors
    const sample = sampleOf(...told)
    add(errors, sample.kind === 'resource' ? 'resources' : 'scripts')
    const known = samples.some(({ text, source }) => text === sample.text && source === sample.source)
    if (!known && samples.length < maxSamples) samples.push(sample)
  }
}

/** Returns an error as a beacon may carry it. */
export function sampleOf(
  kind: Sample['kind'],
  text: string | undefined,
  { source, line }: { readonly source?: string | undefined; readonly line?: number } = {},
): Sample {
  return {
    kind,
    text: boundedText(text?.replace(/(^|\s)\S+@\S+|\?\S*/g, '$1…'), maxLength) ?? '–',
    source: resourceAddress(source),
    line: line && line <= 1e6 ? line : null,
  }
}
