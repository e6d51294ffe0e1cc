/** The folder that holds the whole of PeerPress, as a file URL ending in a slash. */
export const repositoryDirectory: URL = new URL('../../../', import.meta.url)
