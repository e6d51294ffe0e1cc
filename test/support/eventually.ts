import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again and again until the answer is not undefined. For what announces itself by no event, such as a report
 * that a beacon has not reached yet.
 * @throws when nothing came within `timeout` ms, naming `what`.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeout = 60_000,
): Promise<T> {
  const giveUpAt = Date.now() + timeout
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > giveUpAt) throw new Error(`${what} did not happen within ${timeout} ms`)
    await pause(50)
  }
}
