/** A request to a model for one JSON object. */
export interface TextRequest {
  /** What the model is and must do. */
  readonly instructions: string
  readonly prompt: string
  /** JSON Schema of the answer. A model may ignore it: validate the answer. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly maxOutputTokens: number
  /** Cancels the call with the signal's reason. */
  readonly signal: AbortSignal
  /** Called with each part of the answer. Must not throw. */
  readonly onText: (text: string) => void
}

/** A whole answer. */
export interface TextAnswer {
  readonly text: string
  /** Tokens as the model counted them; null if it did not. */
  readonly usage: { readonly input: number; readonly output: number } | null
}

/** A model that writes texts. */
export interface TextModel {
  /** @throws {ModelError}, or the signal's reason */
  write(request: TextRequest): Promise<TextAnswer>
  close(): Promise<void>
}

/**
 * Returns the maximum number of tokens of a request. No tokenizer makes more tokens than a text has bytes; templates of chats add
 * some marks.
 */
export function maxInputTokens({
  instructions,
  prompt,
  schema,
}: Omit<TextRequest, 'signal' | 'onText' | 'maxOutputTokens'>): number {
  return (
    Buffer.byteLength(instructions) +
    Buffer.byteLength(prompt) +
    Buffer.byteLength(JSON.stringify(schema)) +
    512
  )
}
