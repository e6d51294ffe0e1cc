/** A list that is read by index. */
export interface Indexed<Item> {
  readonly length: number
  at(index: number): Item | undefined
}

/**
 * Yields the items in random order, each once. Only the items that are read are shuffled: the first few of 10,000 cost
 * as much as the first few of ten (Fisher-Yates, with the moved items in a map instead of a copy of the list).
 */
export function* shuffled<Item>(items: Indexed<Item>, random: () => number): Generator<Item, void> {
  const moved = new Map<number, Item>()
  const at = (index: number): Item => moved.get(index) ?? (items.at(index) as Item)
  for (let left = items.length; left > 0; left--) {
    const pick = Math.floor(random() * left)
    const item = at(pick)
    moved.set(pick, at(left - 1))
    yield item
  }
}
