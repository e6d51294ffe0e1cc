import type { Beacon } from '@peerpress/wire'

/** Returns the connection's `effectiveType`; null if the browser does not report it (Firefox, Safari). */
export function connectionType(navigator: {
  readonly connection?: { readonly effectiveType?: unknown }
}): Beacon['connection'] {
  const type = navigator.connection?.effectiveType
  return /^(slow-2g|[234]g)$/.test(type as string) ? (type as Beacon['connection']) : null
}
