import type { Asset } from '@peerpress/wire'
import { withoutFragment } from '../../without-fragment.ts'

/**
 * Reports assets that a picture or a player of the page could not show, by the `error` event. An aborted request is not an
 * error: players and pages abort requests that they no longer need.
 */
export function watchFailedElements(assets: readonly Asset[], onFailed: (asset: Asset) => void): void {
  const byUrl = new Map(assets.map((asset) => [asset.url, asset]))
  const fail = (element: EventTarget | null): void => {
    const asset = byUrl.get(withoutFragment(failedUrl(element)))
    if (asset) onFailed(asset)
  }
  // These events do not bubble, but they can be captured.
  document.addEventListener('error', ({ target }) => fail(target), true)
  // Players that failed before. Pictures that failed before have a Resource Timing entry.
  for (const player of document.querySelectorAll<HTMLMediaElement>('video, audio')) {
    if (player.error) fail(player)
    else if (player.networkState === player.NETWORK_NO_SOURCE)
      for (const source of player.querySelectorAll('source')) fail(source)
  }
}

/** Returns the URL that an element failed with; empty if the reader or the page caused it. */
function failedUrl(element: EventTarget | null): string {
  if (element instanceof HTMLImageElement) return element.currentSrc
  if (element instanceof HTMLMediaElement)
    return element.error?.code === MediaError.MEDIA_ERR_ABORTED ? '' : element.currentSrc
  if (!(element instanceof HTMLSourceElement)) return ''
  const player = element.parentElement
  // A source of a type that the browser cannot play fails without a request.
  const isPlayable =
    player instanceof HTMLMediaElement && (element.type === '' || player.canPlayType(element.type) !== '')
  return isPlayable ? element.src : ''
}
