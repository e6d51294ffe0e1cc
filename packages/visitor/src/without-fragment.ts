/** Returns a URL without its fragment, as in manifests. */
export function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url
}
