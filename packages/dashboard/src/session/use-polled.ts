import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { GraphError } from './graph-error.ts'

/** The state of data that is loaded repeatedly. */
export interface Polled<Data> {
  /** The last result. It stays during a newer request. */
  readonly data: Data | null
  /** Time of the last result, ms since the Unix epoch. */
  readonly at: number
  /** Whether the result belongs to the current `load`. */
  readonly isCurrent: boolean
  /** The error of the latest attempt with the current `load`; null if it succeeded or is the first. */
  readonly error: GraphError | null
  readonly reload: () => void
  /** ms between two loads. */
  readonly everyMs: number
}

/** A result or an error, with the `load` that it belongs to. */
interface Outcome<Value> {
  readonly value: Value
  readonly at: number
  readonly load: unknown
}

/**
 * Loads at once, then every `everyMs` ms while the page is visible, and when it becomes visible. A new `load` function
 * starts a new request: memoise it.
 */
export function usePolled<Data>(load: (signal: AbortSignal) => Promise<Data>, everyMs: number): Polled<Data> {
  const [answer, setAnswer] = useState<Outcome<Data> | null>(null)
  const [failure, setFailure] = useState<Outcome<GraphError> | null>(null)
  const running = useRef<AbortController | null>(null)

  const reload = useCallback(() => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    const take = (value: Data): void => {
      if (signal.aborted) return
      setAnswer({ value, at: Date.now(), load })
      setFailure(null)
    }
    const fail = (error: unknown): void => {
      if (signal.aborted) return
      const value = error instanceof GraphError ? error : new GraphError('refused', String(error))
      setFailure({ value, at: Date.now(), load })
    }
    load(signal).then(take).catch(fail)
  }, [load])

  useEffect(() => {
    reload()
    const reloadInView = () => document.visibilityState === 'visible' && reload()
    const timer = setInterval(reloadInView, everyMs)
    document.addEventListener('visibilitychange', reloadInView)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', reloadInView)
      running.current?.abort()
    }
  }, [reload, everyMs])

  return {
    data: answer?.value ?? null,
    at: answer?.at ?? 0,
    isCurrent: answer?.load === load,
    error: failure?.load === load ? failure.value : null,
    reload,
    everyMs,
  }
}
