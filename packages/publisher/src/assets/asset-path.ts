import { join } from 'node:path'
import type { AssetId } from '@peerpress/wire'

/** Where the file of an asset is within a folder of assets: not all in one directory, of which some tools grow slow. */
export function assetPath(id: AssetId): string {
  return join(id.slice(0, 2), id.slice(2))
}
