import type { GraphError, GraphErrorCode } from '../session/graph-error.ts'

interface FailureProps {
  readonly error: GraphError
  /** What the page shows nevertheless. */
  readonly shown?: string
  readonly onRetry: () => void
}

/** Says what went wrong and what to do about it. */
export function Failure({ error, shown, onRetry }: FailureProps) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{error.message}</strong> {advice[error.code]} {shown}
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

const advice: Readonly<Record<GraphErrorCode, string>> = {
  unauthenticated: 'Sign in again.',
  unreachable: 'Check that it is running and that you are online.',
  unavailable: 'It is likely to be starting; this page tries again by itself.',
  refused: 'If this stays, the server’s log tells more.',
}
