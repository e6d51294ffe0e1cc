/** One server-sent event. */
export interface ServerEvent {
  readonly name: string
  readonly data: string
}

/** Characters of one event. A server that sends more is none of ours. */
const maxLength = 1_000_000

/**
 * Reads server-sent events as they come (HTML, section 9.2.6). A comment, which keeps the connection alive, gives nothing.
 * @param onBytes called with each part that arrives, comments too
 */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onEvent, onBytes }: { readonly onEvent: (event: ServerEvent) => void; readonly onBytes: () => void },
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onBytes()
    // A line may end in two characters, of which the second is still on its way.
    const whole = text + value
    const held = whole.endsWith('\r') ? 1 : 0
    const events = whole
      .slice(0, whole.length - held)
      .replaceAll('\r\n', '\n')
      .split('\n\n')
    text = (events.pop() ?? '') + whole.slice(whole.length - held)
    if (text.length > maxLength) throw new Error('an event is too long')
    for (const event of events) {
      const parsed = eventOf(event)
      if (parsed !== null) onEvent(parsed)
    }
  }
}

function eventOf(block: string): ServerEvent | null {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^(\w+)(?:: ?(.*))?$/.exec(line) ?? []
    if (field === 'event') name = value
    else if (field === 'data') data.push(value)
  }
  return data.length === 0 ? null : { name, data: data.join('\n') }
}
