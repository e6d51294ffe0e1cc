import type { Insertion, Limits, Parameters } from '../connection.ts'
import type { Removal } from '../../retention/removed.ts'
import type { StoreErrorCode } from '../../store-error.ts'

/** The one argument of the engine's process, as JSON. */
export interface EngineArguments {
  readonly directory: string
  readonly limits: Limits
}

/** A message to the engine's process. */
export type EngineCall =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: Parameters }
  | { readonly kind: 'command'; readonly sql: string }
  /** An `INSERT INTO FUNCTION file(…) SELECT … SETTINGS …`. It waits for no other statement. */
  | { readonly kind: 'export'; readonly sql: string }
  | ({ readonly kind: 'insert' } & Insertion)
  /** Later insertions leave these rows out. */
  | { readonly kind: 'keep-out'; readonly removals: readonly Removal[] }

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly call: EngineCall }
  /** Cancels a call. The call still gets an answer: a failure, unless it had just ended. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** A ping: answered with `done` whatever else runs. */
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'close' }

export type FromEngine =
  | { readonly kind: 'ready' }
  /** The engine could not be opened. The process exits. */
  | { readonly kind: 'refused'; readonly error: Failure }
  /** `ndjson` is empty for a call without rows. */
  | { readonly kind: 'done'; readonly id: number; readonly ndjson: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Failure }

export interface Failure {
  readonly code: StoreErrorCode
  readonly message: string
}
