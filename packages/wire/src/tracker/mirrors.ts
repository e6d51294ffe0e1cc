/** Response header of a manifest that lists other copies of the server's mirror, in the order of use. */
export const mirrorsHeader = 'PeerPress-Mirrors'

/** Maximum number of mirrors that are sent and accepted. */
export const maxMirrors = 4

/** Encodes the value of that header. */
export function encodeMirrors(mirrors: readonly string[]): string {
  return mirrors.join(', ')
}

/**
 * Returns the URL prefixes under which an asset can be requested by its id: the mirrors in the header of a manifest's
 * response, then the server's own. The list is unsigned, because bytes are trusted by their hash alone. Addresses must
 * use https or the server's own scheme. Other addresses and those beyond {@link maxMirrors} are dropped.
 */
export function decodeMirrors(header: string | null, server: string): readonly string[] {
  const own = `${server}/v1/mirror/`
  const named = (header ?? '').split(', ').filter((text) => isMirror(text, own))
  return [...named.slice(0, maxMirrors), own]
}

/** Returns whether the text is a URL prefix for ids that a page with the server's scheme may load. */
export function isMirror(text: string, server: string): boolean {
  if (!URL.canParse(text) || !/^[^?#]+\/$/.test(text)) return false
  const { protocol } = new URL(text)
  return protocol === 'https:' || protocol === new URL(server).protocol
}
