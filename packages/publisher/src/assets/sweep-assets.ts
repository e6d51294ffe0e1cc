import type { Registry } from '@peerpress/registry'
import type { AssetId } from '@peerpress/wire'
import type { AssetStore } from './asset-store.ts'

interface SweepContext {
  readonly registry: Registry
  readonly store: AssetStore
}

/** Removes the files of those assets and snapshots that no post names. */
export async function removeUnnamed(
  { registry, store }: SweepContext,
  ids: Iterable<AssetId>,
): Promise<void> {
  const isNamed = async (id: AssetId) => (await registry.assets.unnamed([id])).length === 0
  for (const id of await registry.assets.unnamed([...ids])) await store.remove(id, () => isNamed(id))
}

/** ms */
const sweepInterval = 24 * 3600 * 1000

/** Sweeps the store at the start and every day, in the background. A failed sweep causes a warning and is repeated. */
export class AssetSweeps {
  readonly #context: SweepContext
  #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #current: Promise<void> = Promise.resolve()

  constructor(context: SweepContext) {
    this.#context = context
  }

  start(): void {
    this.#stopping = new AbortController()
    this.#timer = setInterval(() => this.#sweep(), sweepInterval).unref()
    this.#sweep()
  }

  /** Resolves when the last started sweep has ended. */
  async swept(): Promise<void> {
    await this.#current
  }

  /** Stops a running sweep. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#current
  }

  #sweep(): void {
    const { signal } = this.#stopping
    this.#current = this.#current
      .then(() => sweepAssets(this.#context, signal))
      .catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error))
      })
  }
}

/**
 * Removes every file that no post names: files that a crash left between a publication and their removal, and files of
 * a publication that was never completed.
 * @param signal stops it between two folders
 */
async function sweepAssets(context: SweepContext, signal: AbortSignal): Promise<void> {
  const { sites } = context.registry
  // A registry without sites is new, or belongs to another installation by mistake. It cannot tell which files are
  // needed.
  if ((await sites.list()).length === 0) return
  for await (const ids of context.store.list()) {
    if (signal.aborted) return
    await removeUnnamed(context, ids)
  }
}
