/** A set of items with indexes. Adding and deleting take constant time. */
export class Group<Item> {
  readonly #items: Item[] = []
  readonly #indexes = new Map<Item, number>()

  get items(): readonly Item[] {
    return this.#items
  }

  get size(): number {
    return this.#items.length
  }

  add(item: Item): void {
    this.#indexes.set(item, this.#items.length)
    this.#items.push(item)
  }

  /** Deletes an item. The last item moves to its index. */
  delete(item: Item): void {
    const index = this.#indexes.get(item)
    if (index === undefined) return
    this.#indexes.delete(item)
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    this.#items[index] = last
    this.#indexes.set(last, index)
  }
}
