import type { PageConfig } from '@peerpress/wire'

/** The browser's properties that decide whether its reader may take part in a swarm. */
export interface Dependencies {
  readonly isSecureContext: boolean
  readonly RTCPeerConnection?: unknown
  readonly crypto?: { readonly subtle?: unknown }
  readonly navigator: {
    readonly serviceWorker?: unknown
    readonly globalPrivacyControl?: boolean
    readonly connection?: { readonly saveData?: boolean; readonly type?: string }
  }
}

/** Up to this charge (ratio 0-1), a discharging battery is spared. */
const lowCharge = 0.2

/** Returns whether the site, the browser and the reader's own settings allow peers. Consent is separate. */
export function isEligible(
  config: PageConfig,
  dependencies: Dependencies,
  battery?: { readonly charging: boolean; readonly level: number },
): boolean {
  const { navigator, crypto } = dependencies
  const { connection } = navigator
  return (
    config.mode !== 'off' &&
    config.post !== null &&
    dependencies.isSecureContext &&
    !!dependencies.RTCPeerConnection &&
    !!crypto?.subtle &&
    !!navigator.serviceWorker &&
    !navigator.globalPrivacyControl &&
    !connection?.saveData &&
    connection?.type !== 'cellular' &&
    (!battery || battery.charging || battery.level > lowCharge)
  )
}
