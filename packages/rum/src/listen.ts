import { attempt } from './attempt.ts'

// Happens to the document, and bubbles.
type Events = WindowEventMap & Pick<DocumentEventMap, 'visibilitychange'>

/** Listens on the window. What the handler throws goes nowhere. */
export function listen<Name extends keyof Events>(
  name: Name,
  handle: (event: Events[Name]) => void,
  options?: AddEventListenerOptions,
): void {
  addEventListener(name, (event) => attempt(() => handle(event as Events[Name]), undefined), options)
}
