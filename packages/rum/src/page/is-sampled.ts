/**
 * Whether what the UUID `id` names is among the share `sampling` (ratio 0-1) that is measured: the same answer for the
 * same id on every page.
 */
export function isSampled(id: string, sampling: number): boolean {
  // The last digits are random in every version of a UUID.
  return parseInt(id.slice(-8), 16) / 2 ** 32 < sampling
}
