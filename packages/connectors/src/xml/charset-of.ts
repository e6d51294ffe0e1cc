/** Returns the `charset` of a `Content-Type` header; null if it has none. */
export function charsetOf(contentType: string | null): string | null {
  const match = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType?.slice(0, 1000) ?? '')
  return match?.[1] ?? null
}
