/**
 * Lets the videos begin that the site postponed (`preload="none"` beside `data-peerpress-preload`) until it is known
 * whether peers can help: a player that has begun at the network stays there. Told twice, it does nothing more.
 */
export function releaseVideos(): void {
  for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-peerpress-preload]')) {
    const { peerpressPreload: preload } = video.dataset
    delete video.dataset['peerpressPreload']
    if (preload === 'metadata' || preload === 'auto') video.preload = preload
  }
}
