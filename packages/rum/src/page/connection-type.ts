import type { Beacon } from '@peerpress/wire'

/** The connection's `effectiveType`; null where the browser does not tell (Firefox, Safari). */
export function connectionType(navigator: {
  readonly connection?: { readonly effectiveType?: unknown }
}): Beacon['connection'] {
  const type = navigator.connection?.effectiveType
  return /^(slow-2g|[234]g)$/.test(type as string) ? (type as Beacon['connection']) : null
}
