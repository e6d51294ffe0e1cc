/** Header of a manifest's answer that names copies of the server's mirror, in the order they are to be asked. */
export const mirrorsHeader = 'PeerPress-Mirrors'

/** Copies that are told, and believed, at most. */
export const maxMirrors = 4

/** The value of that header. */
export function encodeMirrors(mirrors: readonly string[]): string {
  return mirrors.join(', ')
}

/**
 * Where the copy of an asset may be had, each to be put before its id: what the header of a manifest's answer names, then
 * the server's own mirror. Nobody signs the list, because bytes are trusted by their hash alone; what is no address by
 * https, or by the server's own scheme, is left out, and so is what exceeds {@link maxMirrors}.
 */
export function decodeMirrors(header: string | null, server: string): readonly string[] {
  const own = `${server}/v1/mirror/`
  const named = (header ?? '').split(', ').filter((text) => isMirror(text, own))
  return [...named.slice(0, maxMirrors), own]
}

/** Whether an id can be put after this for an address that a page of the server's scheme may load. */
export function isMirror(text: string, server: string): boolean {
  if (!URL.canParse(text) || !/^[^?#]+\/$/.test(text)) return false
  const { protocol } = new URL(text)
  return protocol === 'https:' || protocol === new URL(server).protocol
}
