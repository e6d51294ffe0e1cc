import { weightUnits } from './rank.ts'

/** Rarity of a post whose votes weigh little. Rarities are integers of its fractions, so that their sums are exact in any order. */
const mostRare = 2 ** 20

/** Weight of which a doubling halves the rarity, millionths. */
const quarter = weightUnits / 4

/**
 * Returns the rarity of a post whose votes of a kind weigh so much together: the square of its coordinate in the vectors whose
 * cosine is the similarity of voters. It is 1 ÷ the weight, as the resource allocation index of Zhou, Lü and Zhang
 * ("Predicting missing links via local information", Eur. Phys. J. B 71, 2009) has it for numbers. Similar votes add little
 * weight, so the posts that a ring votes on alone stay rare however many domains it has. The weight is rounded down to a power
 * of two of quarters of a whole vote, so that few votes change the rarity of their post for the others.
 * @param votes their number: 0 has no rarity
 * @param weight the sum of their weights, millionths
 */
export function rarityOf({ votes, weight }: { readonly votes: number; readonly weight: number }): number {
  if (votes === 0) return 0
  const quarters = Math.max(1, Math.floor(weight / quarter))
  return Math.max(1, mostRare / 2 ** (31 - Math.clz32(quarters)))
}
