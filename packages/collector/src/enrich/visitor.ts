import { createHmac, type KeyObject } from 'node:crypto'
import type { DaySalts } from './day-salts.ts'
import type { BeaconContext } from '../beacon-context.ts'

/**
 * Distinguishes the readers of one site and day. Once the day's salt is deleted, no id can be traced back to a reader.
 */
export interface Visitors {
  /**
   * Returns the reader's id on the UTC day that the view began, as `ViewRow` has it: the first 64 bits of an
   * HMAC-SHA-256 of site, address and user agent under the day's salt. null if the salt is deleted, or cannot be read
   * or written.
   */
  idOf(context: BeaconContext): string | null | Promise<string | null>
}

/** Returns visitors that are distinguished by the salts of days. */
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

/** No field can contain the separator, so the fields of two readers never make the same text. */
function hash(salt: KeyObject, { beacon, request: { address, userAgent } }: BeaconContext): string {
  const digest = createHmac('sha256', salt).update(`${beacon.site}\n${address}\n${userAgent}`).digest()
  return digest.readBigUInt64BE().toString()
}
