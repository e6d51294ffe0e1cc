import type { Store } from '@peerpress/store'

/** Counts the damaged parts that the embedded engine left out of its tables. */
export interface StoreDamageWatch {
  /** Returns the number of damaged parts at the last check. */
  parts(): number
  stop(): Promise<void>
}

const lookEveryMs = 60_000

/**
 * Looks for parts that the engine has set aside as damaged, now and each minute. Reports leave these parts out, and the engine
 * does not report them, so each is reported here once.
 * @param onNotice called with notices for the operator. Must not throw
 */
export async function watchStoreDamage(
  store: Pick<Store, 'damage'>,
  onNotice: (notice: string) => void,
): Promise<StoreDamageWatch> {
  let parts = 0
  const reported = new Set<string>()
  const look = async () => {
    const damage = await store.damage()
    parts = damage.length
    const news = damage.filter(({ path }) => !reported.has(path))
    for (const { path } of news) reported.add(path)
    const [first] = news
    if (first === undefined) return
    const rows = news.some((part) => part.rows === null)
      ? 'an unknown number of'
      : String(news.reduce((sum, part) => sum + (part.rows ?? 0), 0))
    onNotice(
      `the measurements are damaged: reports leave out ${rows} rows in ${news.length} ${news.length === 1 ? 'part' : 'parts'} (${first.path}${news.length === 1 ? '' : ', …'}). Nothing was deleted. Restore a backup with ./peerpress restore, or move the folders out of "detached" to go on without them; ./peerpress doctor lists them`,
    )
  }
  await look()
  const timer = setInterval(() => {
    look().catch((error: unknown) => onNotice(`the store's files cannot be looked at: ${String(error)}`))
  }, lookEveryMs)
  timer.unref()
  return { parts: () => parts, stop: async () => clearInterval(timer) }
}
