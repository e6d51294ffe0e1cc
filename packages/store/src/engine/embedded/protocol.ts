import type { Insertion, Limits, Parameters } from '../connection.ts'
import type { Removal } from '../../retention/removed.ts'
import type { StoreErrorCode } from '../../store-error.ts'

/** What the engine's process is started with, as its one argument in JSON. */
export interface EngineArguments {
  readonly directory: string
  readonly limits: Limits
}

/** What the engine is asked to do. */
export type EngineCall =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: Parameters }
  | { readonly kind: 'command'; readonly sql: string }
  /** An `INSERT INTO FUNCTION file(…) SELECT … SETTINGS …`, which waits for no other statement. */
  | { readonly kind: 'export'; readonly sql: string }
  | ({ readonly kind: 'insert' } & Insertion)
  /** Insertions that come later write no rows of these. */
  | { readonly kind: 'keep-out'; readonly removals: readonly Removal[] }

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly call: EngineCall }
  /** Ends a call; the call is answered all the same, with a failure unless it was just done. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Answered with `done`, whatever else runs. */
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'close' }

export type FromEngine =
  | { readonly kind: 'ready' }
  /** The engine could not be opened; the process exits. */
  | { readonly kind: 'refused'; readonly error: Failure }
  /** `ndjson` is empty for a call without rows. */
  | { readonly kind: 'done'; readonly id: number; readonly ndjson: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Failure }

export interface Failure {
  readonly code: StoreErrorCode
  readonly message: string
}
