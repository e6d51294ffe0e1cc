/** Returns text that a beacon may carry: cut to `maxLength`, without control characters; null if nothing remains. */
export function boundedText(text: string | null | undefined, maxLength: number): string | null {
  return (
    (text ?? '')
      .slice(0, maxLength)
      .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim() || null
  )
}
