/** A page that may be changed, with what it had before. */
export interface ComparablePage {
  readonly post: string
  /** Search visits in the weeks before. */
  readonly visits: number
}

/** Two random halves of comparable pages. */
export interface Halves {
  readonly changed: readonly string[]
  readonly waiting: readonly string[]
}

/**
 * Draws the half of the pages that is changed. Pages are paired by their visits, and of each pair a random one is changed, so that
 * the halves begin alike. An odd last page falls into a random half.
 * @param random numbers in [0, 1)
 */
export function drawHalves(pages: readonly ComparablePage[], random: () => number): Halves {
  const ranked = pages.toSorted((a, b) => b.visits - a.visits || (a.post < b.post ? -1 : 1))
  const halves: { changed: string[]; waiting: string[] } = { changed: [], waiting: [] }
  for (let i = 0; i < ranked.length; i += 2) {
    const isFirstChanged = random() < 0.5
    const [first, second] = [ranked[i], ranked[i + 1]]
    if (first !== undefined) halves[isFirstChanged ? 'changed' : 'waiting'].push(first.post)
    if (second !== undefined) halves[isFirstChanged ? 'waiting' : 'changed'].push(second.post)
  }
  return halves
}
