import type { DaySalts } from './day-salts.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { BeaconContext } from '../beacon-context.ts'

/** Tells readers of one site and day apart, by nothing that can be traced back to them when the day's salt is gone. */
export interface Visitors {
  /**
   * The reader's id on the UTC day that the view began, as `ViewRow` has it: the first 64 bits of an HMAC-SHA-256 of
   * site, address and user agent under the day's salt. null when that is gone, or can't be written.
   */
  idOf(context: BeaconContext): string | null | Promise<string | null>
}

/** Visitors by the salts of their days. */
export function visitorsBy(salts: DaySalts): Visitors {
  return {
    idOf(context) {
      const salt = salts.of(context.startedAt)
      if (salt instanceof Promise)
        return salt.then(
          (made) => hash(made, context),
          () => null,
        )
      return salt === null ? null : hash(salt, context)
    },
  }
}

/** No field can hold the separator, so that no two readers' fields make one text. */
function hash(salt: KeyedHash, { beacon, request: { address, userAgent } }: BeaconContext): string {
  const bits = salt.of(`${beacon.site}\n${address}\n${userAgent}`).slice(0, 16)
  return BigInt(`0x${bits}`).toString()
}
