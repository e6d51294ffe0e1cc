/** Text that a beacon may carry: cut to `maxLength` and without control characters; null when nothing is left. */
export function boundedText(text: string | null | undefined, maxLength: number): string | null {
  return (
    (text ?? '')
      .slice(0, maxLength)
      .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim() || null
  )
}
