/** Creates Park and Miller's generator, which yields the same numbers in every run. */
export function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return (state - 1) / 2_147_483_646
  }
}
