/** Returns a generator of Poisson numbers. Source: D. E. Knuth, The Art of Computer Programming, volume 2, section 3.4.1. */
export function poisson(random: () => number, mean: number): () => number {
  const limit = Math.exp(-mean)
  return () => {
    let count = 0
    for (let product = random(); product > limit; product *= random()) count++
    return count
  }
}
