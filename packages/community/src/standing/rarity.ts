/** Rarity of a post with one vote. Rarities are integers of its fractions, so that their sums are exact in any order. */
const oneVote = 2 ** 20

/**
 * Returns the rarity of a post with so many votes of a kind: the square of its coordinate in the vectors whose cosine is the
 * similarity of voters. It is 1 ÷ the number of votes, as in the resource allocation index of Zhou, Lü and Zhang
 * ("Predicting missing links via local information", Eur. Phys. J. B 71, 2009). The number is rounded down to a power of two,
 * so that a vote changes the rarity of its post for the others only when their number doubles.
 * @returns 0 without votes
 */
export function rarityOf(votes: number): number {
  return votes === 0 ? 0 : Math.max(1, oneVote / 2 ** (31 - Math.clz32(votes)))
}
