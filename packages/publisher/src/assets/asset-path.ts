import { join } from 'node:path'
import type { AssetId } from '@peerpress/wire'

/**
 * Returns the path of an asset's file within a folder of assets. Files are spread over subfolders, because some tools
 * are slow with large directories.
 */
export function assetPath(id: AssetId): string {
  return join(id.slice(0, 2), id.slice(2))
}
