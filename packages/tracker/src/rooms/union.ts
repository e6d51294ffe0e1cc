import type { Indexed } from './shuffled.ts'

/** Returns a list of all items of some lists, without copying them. */
export function unionOf<Item>(parts: readonly (readonly Item[])[]): Indexed<Item> {
  const some = parts.filter(({ length }) => length > 0)
  return some.length === 1 && some[0] !== undefined ? some[0] : new Union(some)
}

class Union<Item> implements Indexed<Item> {
  readonly #parts: readonly (readonly Item[])[]
  readonly length: number

  constructor(parts: readonly (readonly Item[])[]) {
    this.#parts = parts
    this.length = parts.reduce((sum, { length }) => sum + length, 0)
  }

  at(index: number): Item | undefined {
    let rest = index
    for (const part of this.#parts) {
      if (rest < part.length) return part[rest]
      rest -= part.length
    }
    return undefined
  }
}
