import { useEffect, useState } from 'preact/hooks'

/** A position in a chart that the keyboard or the pointer moves. */
export interface Cursor {
  /** Index of the value; null: none. */
  readonly at: number | null
  readonly set: (at: number | null) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** @param count number of the values that the cursor can be at */
export function useCursor(count: number, onEnter?: (at: number) => void): Cursor {
  const [at, set] = useState<number | null>(null)
  const shown = at !== null && at < count ? at : null
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && shown !== null && onEnter !== undefined) onEnter(shown)
    const target = targetOf(event.key, shown, count)
    if (target === undefined) return
    event.preventDefault()
    set(target)
  }
  return { at: shown, set, onKeyDown }
}

/** Returns where a key moves the cursor: null hides it; undefined: the key is not for it. */
function targetOf(key: string, at: number | null, count: number): number | null | undefined {
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return at === null ? 0 : Math.min(count - 1, at + 1)
    case 'ArrowLeft':
    case 'ArrowUp':
      return at === null ? count - 1 : Math.max(0, at - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    case 'Escape':
      return null
    default:
      return undefined
  }
}

/** ms without a change before a text is announced. */
const quietMs = 400

/** Returns a text once it has not changed for a moment, so that a screen reader is not interrupted by each step. */
export function useDebounced(text: string): string {
  const [settled, settle] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => settle(text), quietMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
