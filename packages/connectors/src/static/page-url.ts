/** Returns the URL at which a host of static sites serves a file of the folder. `home`: URL of the folder, with a last slash. */
export function urlOfFile(path: string, home: string): URL {
  const parts = path.split('/').map((part) => encodeURIComponent(part.normalize('NFC')))
  const last = parts.at(-1) ?? ''
  const isIndex = /^index\.html?$/i.test(last)
  const url = new URL(home)
  url.pathname += [...parts.slice(0, -1), isIndex ? '' : last].join('/')
  return url
}

/** Returns the path of the file that a host of static sites serves at a URL; null if the URL names none of the folder. */
export function fileOfUrl({ origin, pathname }: URL, home: string): string | null {
  const { origin: own, pathname: root } = new URL(home)
  if (origin !== own || !pathname.startsWith(root)) return null
  try {
    const path = decodeURIComponent(pathname.slice(root.length))
    return path.split('/').some((part) => part === '..' || part === '.' || part === '') ? null : path
  } catch {
    return null
  }
}

/** Returns whether a file is a page. */
export function isPage(path: string): boolean {
  return /\.html?$/i.test(path)
}
