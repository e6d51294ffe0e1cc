/**
 * Tracks whether the current tags are SVG or MathML, by the rules of the HTML standard (section 13.2.6.5). There
 * `<title/>`, `<style/>` and `<script/>` end at once; in HTML their text would begin. Each element is added and removed
 * once, so the work for a page is proportional to its tags.
 */
export class ForeignContent {
  /** Open `svg` and `math` elements, and elements in them whose content is HTML. */
  readonly #open: string[] = []
  readonly #counts = new Map<string, number>()

  get isCurrent(): boolean {
    const last = this.#open.at(-1)
    return last !== undefined && roots.has(last)
  }

  open(name: string): void {
    if (this.isCurrent && breakouts.has(name)) {
      while (this.isCurrent) this.#pop()
    } else if (roots.has(name) || (this.isCurrent && integrationPoints.has(name))) {
      this.#open.push(name)
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    }
  }

  /** Closes an element whose tag ends with `/>`. */
  closeItself(name: string): void {
    if (this.#open.at(-1) === name) this.#pop()
  }

  close(name: string): void {
    if (!this.#counts.get(name)) return
    while (this.#pop() !== name);
  }

  #pop(): string | undefined {
    const name = this.#open.pop()
    if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) - 1)
    return name
  }
}

const roots = new Set(['svg', 'math'])

const integrationPoints = new Set(
  ['foreignobject', 'desc', 'title'].concat(['mi', 'mo', 'mn', 'ms', 'mtext', 'annotation-xml']),
)

/** HTML tags that end SVG and MathML. */
const breakouts = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta ' +
    'nobr ol p pre ruby s small span strong strike sub sup table tt u ul var'
  ).split(' '),
)
