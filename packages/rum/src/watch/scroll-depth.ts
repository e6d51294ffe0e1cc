/** Measures how far down a page the reader came. Lengths are in CSS px. */
export interface ScrollDepth {
  /** Records the lowest visible position. */
  seen(viewportBottom: number): void
  /** Furthest viewport bottom ÷ the document's height now, ratio 0-1. */
  ratio(documentHeight: number): number
}

/**
 * Starts with nothing seen. The ratio uses the height at the end, because a page that is still loading is short and
 * would count as read to its end.
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
