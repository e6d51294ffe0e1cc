/** Says how often in English: `once` or `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
