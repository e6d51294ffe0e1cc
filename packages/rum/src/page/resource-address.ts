import { pageAddress } from './page-address.ts'

/** A resource's address as a beacon may carry it; null for inline data and what is no address. */
export function resourceAddress(text: string | null | undefined): string | null {
  if (!text || !/^https?:/.test(text)) return null
  const url = new URL(text)
  // Cut, it would name another resource.
  return url.origin.length + url.pathname.length > 2048 ? null : pageAddress(url)
}
