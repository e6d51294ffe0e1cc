import { readEvents } from './event-stream.ts'

/** ms without a byte, after which a stream counts as broken. The server sends a comment every 12 s. */
const silence = 40_000

export interface FollowOptions<Answer> {
  /** Sends the request. Its signal aborts when the caller's does, and when the stream is silent. */
  readonly open: (signal: AbortSignal) => Promise<Response>
  readonly signal: AbortSignal
  readonly onAnswer: (answer: Answer) => void
}

/**
 * Follows the answers of a subscription. Resolves at the end of the stream, to whether the server announced that end: false means
 * that the stream broke off. Rejects if the connection fails, or is silent.
 */
export async function followAnswers<Answer>({
  open,
  signal,
  onAnswer,
}: FollowOptions<Answer>): Promise<boolean> {
  const broken = new AbortController()
  const breakOff = () => broken.abort()
  let timer = setTimeout(breakOff, silence)
  let isComplete = false
  try {
    const { body } = await open(AbortSignal.any([signal, broken.signal]))
    if (body === null) throw new Error('no body')
    await readEvents(body, {
      onBytes: () => {
        clearTimeout(timer)
        timer = setTimeout(breakOff, silence)
      },
      onEvent: ({ event, data }) => {
        if (event === 'complete') isComplete = true
        else if (event === 'next') onAnswer(JSON.parse(data) as Answer)
      },
    })
  } finally {
    clearTimeout(timer)
  }
  return isComplete
}
