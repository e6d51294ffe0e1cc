import type { PublishedAsset } from '@peerpress/registry'

/** bytes. A page of the feed has up to 30 pictures. */
const maxPicture = 300_000

/** Types of pictures without scripts. */
const pictureTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif'])

/**
 * Returns the asset that the feed shows for a post: the picture that its page names, else the first one, of at most 300 kB. The
 * feed shows it from this server's mirror, so that no reader of the feed is known to the post's host.
 */
export function choosePicture(
  assets: readonly Pick<PublishedAsset, 'id' | 'url' | 'type' | 'size'>[],
  named: string | null,
): string | null {
  const fitting = assets.filter(({ type, size }) => pictureTypes.has(type) && size <= maxPicture)
  return (fitting.find(({ url }) => url === named) ?? fitting[0])?.id ?? null
}
