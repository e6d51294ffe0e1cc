import type { Beacon } from '@peerpress/wire'

const types: readonly unknown[] = ['slow-2g', '2g', '3g', '4g'] satisfies Beacon['connection'][]

/** The connection's `effectiveType`; null where the browser does not tell (Firefox, Safari). */
export function connectionType(navigator: {
  readonly connection?: { readonly effectiveType?: unknown }
}): Beacon['connection'] {
  const type = navigator.connection?.effectiveType
  return types.includes(type) ? (type as Beacon['connection']) : null
}
