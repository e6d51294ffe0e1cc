const usual = 200_000_000
const small = 50_000_000
/** A device with at most this many GiB of memory counts as small. Browsers report 0.25, 0.5, 1, 2 and so on. */
const smallMemory = 2
/** If the browser's quota for a site is below this many bytes, the disk counts as small. */
const smallQuota = 2_000_000_000

/** The browser's properties that decide how much may be stored. */
export interface StorageDependencies {
  readonly deviceMemory?: number
  readonly storage?: { estimate(): Promise<{ readonly quota?: number }> }
}

/** Returns the maximum number of bytes of chunks in a reader's browser. */
export async function storageLimit({
  deviceMemory = Infinity,
  storage,
}: StorageDependencies): Promise<number> {
  const { quota = Infinity } = (await storage?.estimate().catch(() => null)) ?? {}
  return deviceMemory <= smallMemory || quota < smallQuota ? small : usual
}
