/** A URL without its fragment, as manifests name assets. */
export function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url
}
