import type { AssetId } from '@peerpress/wire'

/**
 * Separates the removal of files from their use: a used asset is not removed, and a new use waits for a running
 * removal.
 */
export class AssetUses {
  readonly #used = new Map<AssetId, number>()
  readonly #removals = new Map<AssetId, Promise<void>>()

  begin(id: AssetId): void {
    this.#used.set(id, (this.#used.get(id) ?? 0) + 1)
  }

  end(id: AssetId): void {
    const left = (this.#used.get(id) ?? 0) - 1
    if (left > 0) this.#used.set(id, left)
    else this.#used.delete(id)
  }

  /** Runs a removal unless the asset is used or is being removed. */
  async removeUnused(id: AssetId, remove: () => Promise<void>): Promise<void> {
    if (this.#used.has(id) || this.#removals.has(id)) return
    const removal = remove()
    this.#removals.set(
      id,
      removal.catch(() => {}),
    )
    try {
      await removal
    } finally {
      this.#removals.delete(id)
    }
  }

  /** Returns the running removal of the asset. It never rejects. */
  removalOf(id: AssetId): Promise<void> | undefined {
    return this.#removals.get(id)
  }
}
