// Every runtime has these, and they do nothing by themselves. Nothing with a clock, a random source or I/O may be added
// here: `AbortSignal.timeout` is left out for that reason.
interface AbortSignal {
  readonly aborted: boolean
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
}
declare const AbortSignal: { any(signals: AbortSignal[]): AbortSignal }
declare class AbortController {
  readonly signal: AbortSignal
  abort(): void
}
