import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser'

/** Characters of one event. A server that sends more is none of ours. */
const maxLength = 1_000_000

/**
 * Reads server-sent events as they come. A comment, which keeps the connection alive, gives nothing.
 * @param onBytes called with each part that arrives, comments too
 * @throws {ParseError} when an event is too long
 */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  {
    onEvent,
    onBytes,
  }: { readonly onEvent: (event: EventSourceMessage) => void; readonly onBytes: () => void },
): Promise<void> {
  let tooLong: ParseError | undefined
  const onError = (error: ParseError) => {
    if (error.type === 'max-buffer-size-exceeded') tooLong = error
  }
  const parser = createParser({ maxBufferSize: maxLength, onEvent, onError })
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onBytes()
    parser.feed(value)
    if (tooLong !== undefined) throw tooLong
  }
}
