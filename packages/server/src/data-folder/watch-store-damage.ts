import type { Store } from '@peerpress/store'

/** The parts that the embedded engine has left out of its tables. */
export interface StoreDamageWatch {
  /** Parts that are left out now. */
  parts(): number
  stop(): Promise<void>
}

const lookEveryMs = 60_000

/**
 * Looks for parts that the engine has put aside as damaged, now and each minute, and says so once for each folder: the
 * engine itself says nothing, and reports are smaller without them.
 * @param onNotice called with what an operator should know. Must not throw
 */
export async function watchStoreDamage(
  store: Pick<Store, 'damage'>,
  onNotice: (notice: string) => void,
): Promise<StoreDamageWatch> {
  let parts = 0
  const told = new Set<string>()
  const look = async () => {
    const damage = await store.damage()
    parts = damage.length
    const news = damage.filter(({ path }) => !told.has(path))
    for (const { path } of news) told.add(path)
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
