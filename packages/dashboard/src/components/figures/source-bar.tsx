import type { SourcesFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { sources, sourceShares, totalBytes } from '../../report/sources.ts'

/** A bar of the bytes by source, with a legend that has the figures. */
export function SourceBar({ bytes }: { readonly bytes: SourcesFragment }) {
  const shares = sourceShares(bytes)
  return (
    <figure class="source-figure">
      <figcaption>
        {messages.delivery.bytesBySource}{' '}
        <span class="total">
          {shares === null ? messages.delivery.noBytes : format.bytes(totalBytes(bytes))}
        </span>
      </figcaption>
      <ShareBar bytes={bytes} />
      <ul class="legend">
        {sources.map(({ key, label }, i) => (
          <li key={key}>
            <span class={`swatch source-${key}`} />
            <span class="legend-label">{label}</span>
            <span class="legend-bytes">{shares === null ? '–' : format.bytes(bytes[key])}</span>
            <span class="legend-share">{shares === null ? '' : format.ratio(shares[i]!)}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}

/** The bar alone: a decoration beside the same figures. */
export function ShareBar({ bytes }: { readonly bytes: SourcesFragment }) {
  const shares = sourceShares(bytes)
  return (
    <div class="share-bar" aria-hidden="true">
      {shares !== null &&
        sources.map(
          ({ key }, i) =>
            shares[i]! > 0 && (
              <span key={key} class={`source-${key}`} style={{ flexGrow: String(shares[i]!) }} />
            ),
        )}
    </div>
  )
}
