/**
 * Returns whether the session or view with the UUID `id` belongs to the measured ratio `sampling` (0-1). The result is
 * the same for the same id on every page.
 */
export function isSampled(id: string, sampling: number): boolean {
  // The last digits are random in every version of a UUID.
  return parseInt(id.slice(-8), 16) / 2 ** 32 < sampling
}
