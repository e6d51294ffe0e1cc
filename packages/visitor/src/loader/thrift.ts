import type { Dependencies } from './eligibility.ts'

/** Of the Battery Status API, which is in none of TypeScript's libraries. */
export interface Battery extends EventTarget {
  readonly charging: boolean
  /** ratio 0-1 */
  readonly level: number
}

type Sparing = Dependencies['navigator'] & {
  readonly connection?: EventTarget
  readonly getBattery?: () => Promise<Battery>
}

/**
 * Hears whenever the reader's network or battery may have become one to be spared, or none any more. Resolves to the
 * battery, undefined where the browser tells nothing of one.
 */
export async function watchThrift(hear: () => void): Promise<Battery | undefined> {
  const { connection } = navigator as Sparing
  connection?.addEventListener('change', hear)
  const battery = await (navigator as Sparing).getBattery?.().catch(() => undefined)
  for (const event of ['levelchange', 'chargingchange']) battery?.addEventListener(event, hear)
  return battery
}
