import type { GraphError, GraphErrorCode } from '../session/graph-error.ts'

interface FailureProps {
  readonly error: GraphError
  /** Describes the older data that the page still shows. */
  readonly shown?: string
  readonly onRetry: () => void
}

/** Shows an error and what to do about it. */
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
  unavailable: 'It is probably starting; this page tries again automatically.',
  refused: 'If this persists, look at the server’s log.',
}
