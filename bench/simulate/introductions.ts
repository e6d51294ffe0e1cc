/** Introductions that one reader may ask for, as the tracker's rooms allow. */
const maxAsked = 60

/** The tracker's room: whoever asks is introduced to random members it does not know yet. */
export class Introductions<Member> {
  readonly #random: () => number
  readonly #members: Member[] = []
  readonly #places = new Map<Member, number>()
  readonly #known = new Map<Member, Set<Member>>()
  readonly #asked = new Map<Member, number>()

  constructor(random: () => number) {
    this.#random = random
  }

  get size(): number {
    return this.#members.length
  }

  join(member: Member): void {
    this.#places.set(member, this.#members.length)
    this.#members.push(member)
    this.#known.set(member, new Set())
  }

  leave(member: Member): void {
    const place = this.#places.get(member)
    const last = this.#members.pop()
    if (place === undefined || last === undefined) return
    this.#places.delete(member)
    if (last === member) return
    this.#members[place] = last
    this.#places.set(last, place)
  }

  /** Up to `count` others, drawn at random. */
  want(member: Member, count: number): Member[] {
    const known = this.#known.get(member) ?? new Set()
    const asked = this.#asked.get(member) ?? 0
    const wanted = Math.min(count, maxAsked - asked)
    const drawn: Member[] = []
    const order = this.#members.slice()
    for (let left = order.length; left > 0 && drawn.length < wanted; left--) {
      const pick = Math.floor(this.#random() * left)
      const other = order[pick] as Member
      order[pick] = order[left - 1] as Member
      if (other === member || known.has(other)) continue
      known.add(other)
      this.#known.get(other)?.add(member)
      drawn.push(other)
    }
    this.#asked.set(member, asked + drawn.length)
    return drawn
  }
}
