/** What bounds a memory of answers. */
export interface MemoryLimits {
  /** Answers kept at most; the oldest goes first. */
  readonly maxAnswers: number
  /** ms after which a question is asked again. */
  readonly maxAge: number
  /** ms */
  readonly now: () => number
}

/**
 * Asks once what is asked often. Only what was found is remembered, so that what is not there yet is seen as soon as it
 * is, and a failure stands for itself alone. Those who ask the same at the same time share one answer. What is remembered
 * is there at once.
 */
export function remembered<Answer>(
  find: (key: string) => Promise<Answer | null>,
  { maxAnswers, maxAge, now }: MemoryLimits,
): (key: string) => Answer | null | Promise<Answer | null> {
  const found = new Map<string, { readonly answer: Answer; readonly until: number }>()
  const asked = new Map<string, Promise<Answer | null>>()

  async function ask(key: string): Promise<Answer | null> {
    try {
      // Its age counts from the question: what changes while it is looked up is not seen.
      const until = now() + maxAge
      const answer = await find(key)
      found.delete(key)
      if (answer !== null) found.set(key, { answer, until })
      const [oldest] = found.keys()
      if (found.size > maxAnswers && oldest !== undefined) found.delete(oldest)
      return answer
    } finally {
      asked.delete(key)
    }
  }

  return (key) => {
    const memory = found.get(key)
    // A clock that was set back would keep an answer for longer.
    if (memory !== undefined && now() < memory.until && now() >= memory.until - maxAge) return memory.answer
    const pending = asked.get(key) ?? ask(key)
    asked.set(key, pending)
    return pending
  }
}
