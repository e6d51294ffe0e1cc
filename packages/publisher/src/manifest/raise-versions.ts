import type { Registry } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import { PublisherError } from '../publisher-error.ts'
import { signManifest } from './sign-manifest.ts'

/** Maximum version of a manifest that the registry can store. Readers accept one more. */
export const maxVersion = 2 ** 31 - 1

/**
 * Raises the version of every post's manifest, and of future ones, by `by`, and signs each again. Readers refuse a
 * lower version than one they have seen, and a backup may be older than that. The posts are unread from now on.
 * @throws {PublisherError} `versions-exhausted` if a version would exceed {@link maxVersion}
 */
export async function raiseVersions(registry: Registry, by: number): Promise<void> {
  const { restored, sites, posts } = registry
  const all = await restored.all()
  let highest = await restored.versionFloor()
  for (const { site, post } of all) highest = Math.max(highest, (await posts.get(site, post))?.version ?? 0)
  if (highest + by > maxVersion) {
    const message = `versions would rise to ${highest + by}, above the maximum of ${maxVersion} that readers accept: check the clock`
    throw new PublisherError('versions-exhausted', message)
  }
  await restored.raiseFloor(by)
  for (const key of all) {
    const [site, latest] = await Promise.all([sites.get(key.site), posts.get(key.site, key.post)])
    if (site === null || latest === null) continue
    const manifest = decodeManifest(decodeEnvelope(latest.envelope).payload)
    const raised = { ...manifest, version: latest.version + by, issuedAt: Date.now() }
    const envelope = signManifest(raised, await sites.signingKeys(site.id))
    await restored.raise({ ...key, version: raised.version, envelope })
  }
}
