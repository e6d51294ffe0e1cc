const usual = 200_000_000
const small = 50_000_000
/** GiB of memory up to which a device counts as small; browsers tell 0.25, 0.5, 1, 2 and so on. */
const smallMemory = 2
/** Bytes that a browser would let a site store below which its disk counts as small. */
const smallQuota = 2_000_000_000

/** What of a browser tells how much may be stored in it. */
export interface StorageDependencies {
  readonly deviceMemory?: number
  readonly storage?: { estimate(): Promise<{ readonly quota?: number }> }
}

/** Bytes of chunks that a reader's browser keeps at most. */
export async function storageLimit({
  deviceMemory = Infinity,
  storage,
}: StorageDependencies): Promise<number> {
  const { quota = Infinity } = (await storage?.estimate().catch(() => null)) ?? {}
  return deviceMemory <= smallMemory || quota < smallQuota ? small : usual
}
