import type { TextAnswer, TextRequest } from '../text-model.ts'
import type { LocatedModel } from './local-models.ts'

/** What the process of a local model gets once. */
export interface LocalRequest
  extends LocatedModel, Pick<TextRequest, 'instructions' | 'prompt' | 'schema' | 'maxOutputTokens'> {}

/** What the process of a local model sends. */
export type LocalMessage =
  | { readonly type: 'text'; readonly text: string }
  /** Resident memory of the process, bytes. */
  | { readonly type: 'alive'; readonly memory: number }
  | { readonly type: 'end'; readonly usage: NonNullable<TextAnswer['usage']> }
  | { readonly type: 'error'; readonly message: string }
