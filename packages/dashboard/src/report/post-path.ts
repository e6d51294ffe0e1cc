/** Returns how a table names a post: the path and query of its address, or its id if the address is not known. */
export function postPath(postId: string, url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return `Post ${postId}`
  const { pathname, search } = new URL(url)
  try {
    return decodeURIComponent(pathname + search)
  } catch {
    return pathname + search
  }
}
