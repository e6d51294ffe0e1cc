/** Returns Kendall's τ-b of two lists of the same things: 1 for the same order, 0 for none in common. */
export function kendallTau(a: readonly number[], b: readonly number[]): number {
  let [agree, differ, tiedA, tiedB] = [0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i]! - a[j]!)
      const signB = Math.sign(b[i]! - b[j]!)
      if (signA === 0 && signB === 0) continue
      if (signA === 0) tiedA++
      else if (signB === 0) tiedB++
      else if (signA === signB) agree++
      else differ++
    }
  }
  return (agree - differ) / Math.sqrt((agree + differ + tiedA) * (agree + differ + tiedB))
}
