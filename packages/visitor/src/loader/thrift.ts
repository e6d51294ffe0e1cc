import type { Dependencies } from './eligibility.ts'

/** The Battery Status API's type, which TypeScript's libraries lack. */
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
 * Calls back whenever the reader's network or battery changes, so that eligibility must be checked again. Resolves to the
 * battery; undefined if the browser reports none.
 */
export async function watchThrift(hear: () => void): Promise<Battery | undefined> {
  const { connection } = navigator as Sparing
  connection?.addEventListener('change', hear)
  const battery = await (navigator as Sparing).getBattery?.().catch(() => undefined)
  for (const event of ['levelchange', 'chargingchange']) battery?.addEventListener(event, hear)
  return battery
}
