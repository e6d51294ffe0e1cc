/** Things that can be drawn by their place; one comes and goes in constant time. */
export class Group<Item> {
  readonly #items: Item[] = []
  readonly #places = new Map<Item, number>()

  get items(): readonly Item[] {
    return this.#items
  }

  get size(): number {
    return this.#items.length
  }

  add(item: Item): void {
    this.#places.set(item, this.#items.length)
    this.#items.push(item)
  }

  /** The last one moves to the place of the one that goes. */
  delete(item: Item): void {
    const place = this.#places.get(item)
    if (place === undefined) return
    this.#places.delete(item)
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    this.#items[place] = last
    this.#places.set(last, place)
  }
}
