import type { Registry } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest, type SiteId } from '@peerpress/wire'
import { signManifest } from './sign-manifest.ts'

/**
 * Draws a site's signing key anew and signs its manifests with all keys that count. Their versions stay, because their content
 * does. A manifest that is published meanwhile has the new signatures already.
 * @throws {RegistryError} `unknown-site`
 */
export async function rotateSigningKey(
  { sites, posts }: Pick<Registry, 'sites' | 'posts'>,
  site: SiteId,
  options: { readonly actor: string; readonly endsFormer: boolean },
): Promise<void> {
  await sites.rotateSigningKey(site, options)
  const keys = await sites.signingKeys(site)
  for (const post of await posts.ids(site)) {
    const latest = await posts.get(site, post)
    if (latest === null) continue
    const manifest = decodeManifest(decodeEnvelope(latest.envelope).payload)
    const envelope = signManifest(manifest, keys)
    await posts.replaceEnvelope({ site, post, version: latest.version, envelope })
  }
}
