import { buildVisitor } from '@peerpress/visitor/build'

/** Builds what readers' browsers load. `./peerpress test` has built it before it starts the tests, and says so. */
export async function ensureVisitorBundles(): Promise<void> {
  if (process.env['PEERPRESS_BUNDLES_BUILT'] !== '1') await buildVisitor()
}
