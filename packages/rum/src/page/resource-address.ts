import { pageAddress } from './page-address.ts'

/** Returns a resource's address for a beacon; null for inline data and invalid addresses. */
export function resourceAddress(text: string | null | undefined): string | null {
  if (!text || !/^https?:/.test(text)) return null
  const url = new URL(text)
  // A truncated address would name another resource.
  return url.origin.length + url.pathname.length > 2048 ? null : pageAddress(url)
}
