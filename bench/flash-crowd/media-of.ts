/** Fetches a page and gives the addresses of its pictures and its video. */
export async function mediaOf(page: string): Promise<string[]> {
  const html = await (await fetch(page)).text()
  return Array.from(
    html.matchAll(/<(?:img|video) src="([^"]+)"/g),
    ([, src]) => new URL(src ?? '', page).href,
  )
}
