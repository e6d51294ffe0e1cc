/**
 * Starts the videos that the site postponed (`preload="none"` with `data-peerpress-preload`) until it is known whether peers
 * can help. A player that has begun with the network stays with it. A second call has no effect.
 */
export function releaseVideos(): void {
  for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-peerpress-preload]')) {
    const { peerpressPreload: preload } = video.dataset
    delete video.dataset['peerpressPreload']
    if (preload === 'metadata' || preload === 'auto') video.preload = preload
  }
}
