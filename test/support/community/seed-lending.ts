import { randomBytes } from 'node:crypto'
import { createRecordId, epochOf, type Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'

const day = 86_400_000
const key = () => randomBytes(32).toString('base64url')

/**
 * Lends seeds of two further sites to a site, and a seed of its own to one of them, with receipts of today. A third seed is
 * offered, and a fourth one sent wrong bytes.
 */
export async function seedLending(registry: Registry, site: SiteId): Promise<void> {
  const add = async (url: string) =>
    (await registry.sites.add({ url, consent: 'required', allowPrivateAddresses: false })).site.id
  const oasis = await add('https://oasis.example/')
  const library = await add('https://a-library-with-a-rather-long-name.example/')
  const lend = (owner: SiteId, country: string) => offerSeed(registry, { owner, country })
  const [inBrazil, inJapan, own, lying] = [
    await lend(oasis, 'BR'),
    await lend(library, 'JP'),
    await lend(site, 'DE'),
    await lend(site, 'DE'),
  ]
  await lend(library, 'KE')
  await give(registry, { seed: inBrazil, site, bytes: 41_000_000_000 })
  await give(registry, { seed: inJapan, site, bytes: 730_000_000 })
  await give(registry, { seed: own, site: library, bytes: 12_300_000 })
  await registry.ledger.transaction(({ sql }) => registry.lending.revokeOffer(sql, lying, 'wrong-chunk'))
}

async function offerSeed(
  registry: Registry,
  { owner, country }: { readonly owner: SiteId; readonly country: string },
): Promise<string> {
  const [seed, issuedAt] = [key(), Date.now()]
  const limits = { maxBytes: 2_000_000_000, bytesPerDay: 20_000_000_000 }
  const offer = {
    id: createRecordId(),
    seed,
    owner,
    country,
    ...limits,
    issuedAt,
    expiresAt: issuedAt + 30 * day,
  }
  await registry.ledger.transaction(({ sql }) => registry.lending.offer(sql, offer, 'envelope'))
  await registry.lending.seen(seed)
  return seed
}

/** Grants a seed, and records that readers of three networks signed for bytes. */
async function give(
  registry: Registry,
  { seed, site, bytes }: { readonly seed: string; readonly site: SiteId; readonly bytes: number },
): Promise<void> {
  const { lending, ledger } = registry
  const issuedAt = Date.now()
  const limits = { maxBytes: 1_000_000_000, bytesPerDay: 10_000_000_000 }
  const grant = { id: createRecordId(), site, seed, ...limits, issuedAt, expiresAt: issuedAt + 90 * day }
  await ledger.transaction(({ sql }) => lending.grant(sql, grant, 'envelope'))
  const giver = key()
  const nonce = randomBytes(16).toString('base64url')
  const session = { seed, site, post: '101', epoch: epochOf(issuedAt), nonce }
  await lending.join(giver, session)
  await lending.record(
    ['a', 'b', 'c'].map((taker) => ({
      ...session,
      giver,
      taker,
      network: `network of ${taker}`,
      bytes: Math.round(bytes / 3),
    })),
  )
}
