import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { GraphError } from './graph-error.ts'

/** What is known of something that is loaded again and again. */
export interface Polled<Data> {
  /** The last answer, kept while a newer one is under way. */
  readonly data: Data | null
  /** When it came, ms since the Unix epoch. */
  readonly at: number
  /** False while the answer is one to an earlier question. */
  readonly isCurrent: boolean
  /** Why the latest attempt at the current question gave no answer; null when it did or is the first. */
  readonly error: GraphError | null
  readonly reload: () => void
}

/** An outcome with the question it belongs to. */
interface Outcome<Value> {
  readonly value: Value
  readonly at: number
  readonly question: unknown
}

/**
 * Loads at once, then every `everyMs` ms while the page can be seen, and when it comes back into view.
 * A new `load` function is a new question: memoise it.
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
      setAnswer({ value, at: Date.now(), question: load })
      setFailure(null)
    }
    const fail = (error: unknown): void => {
      if (signal.aborted) return
      const value = error instanceof GraphError ? error : new GraphError('refused', String(error))
      setFailure({ value, at: Date.now(), question: load })
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
    isCurrent: answer?.question === load,
    error: failure?.question === load ? failure.value : null,
    reload,
  }
}
