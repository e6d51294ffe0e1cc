import { attempt } from '../attempt.ts'

// This event fires on the document, and bubbles.
type Events = WindowEventMap & Pick<DocumentEventMap, 'visibilitychange'>

/** Adds a passive listener on the window. Errors of the handler are ignored. */
export type Listen = <Name extends keyof Events>(
  name: Name,
  handle: (event: Events[Name]) => unknown,
  capture?: boolean,
) => void

/** Returns a function that adds listeners until `signal` aborts. */
export function listenUntil(signal: AbortSignal): Listen {
  return (name, handle, capture = false) =>
    addEventListener(
      name,
      // Some browsers ignore the option `signal`.
      (event) => signal.aborted || attempt(() => handle(event as Parameters<typeof handle>[0])),
      { signal, capture, passive: true },
    )
}
