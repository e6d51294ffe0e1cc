/** How far down a page its reader came. Lengths are CSS px. */
export interface ScrollDepth {
  /** The reader sees the page down to here. */
  seen(viewportBottom: number): void
  /** Furthest viewport bottom ÷ the document's height now, ratio 0-1. */
  ratio(documentHeight: number): number
}

/**
 * Nothing seen yet. The ratio is taken against the height at the end, not at the time of looking: a page that is still
 * loading is short, and would count as read to its end at once.
 */
export function scrollDepth(): ScrollDepth {
  let furthest = 0
  return {
    seen(viewportBottom) {
      furthest = Math.max(furthest, viewportBottom)
    },
    ratio: (documentHeight) => (furthest > 0 ? Math.min(1, furthest / Math.max(documentHeight, 1)) : 0),
  }
}
