import { attempt } from '../attempt.ts'

// Happens to the document, and bubbles.
type Events = WindowEventMap & Pick<DocumentEventMap, 'visibilitychange'>

/** Listens on the window, passively. What the handler throws goes nowhere. */
export type Listen = <Name extends keyof Events>(
  name: Name,
  handle: (event: Events[Name]) => unknown,
  capture?: boolean,
) => void

/** What listens until `signal` aborts. */
export function listenUntil(signal: AbortSignal): Listen {
  return (name, handle, capture = false) =>
    addEventListener(
      name,
      // Not every browser knows the option `signal`.
      (event) => signal.aborted || attempt(() => handle(event as Parameters<typeof handle>[0])),
      { signal, capture, passive: true },
    )
}
