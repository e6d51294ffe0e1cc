import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry, type SiteCredentials } from '@peerpress/registry'
import type { ConnectRequest } from './connect-request.ts'
import { findMovedSite } from './moved-site.ts'

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const url = 'https://moved.example.org/'

describe('the site that a connect request names as moved', { timeout: 60_000 }, () => {
  let directory: string
  let registry: Registry
  let connected: SiteCredentials
  let other: SiteCredentials

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-moved-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    const choices = { consent: 'required', allowPrivateAddresses: false } as const
    connected = await registry.sites.add({ url: 'https://blog.example.org/', ...choices })
    other = await registry.sites.add({ url: 'https://other.example.org/', ...choices })
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('is found by a proof under its webhook secret', async () => {
    const found = await findMovedSite(registry, request({}))
    assert.ok(found !== null && typeof found !== 'string')
    assert.equal(found.id, connected.site.id)
  })

  test('is none when the request names none', async () => {
    const { site: _, proof: __, ...plain } = request({})
    assert.equal(await findMovedSite(registry, plain), null)
  })

  test('is refused by a wrong proof: of another secret, challenge or URL, or cut off, or missing', async () => {
    const right = proofOf(connected.webhookSecret, { challenge, url })
    const wrong: Readonly<Record<string, string | undefined>> = {
      'another site’s secret': proofOf(other.webhookSecret, { challenge, url }),
      'another challenge': proofOf(connected.webhookSecret, { challenge: 'x'.repeat(43), url }),
      'another URL': proofOf(connected.webhookSecret, { challenge, url: 'https://evil.example/' }),
      'one changed character': (right.startsWith('A') ? 'B' : 'A') + right.slice(1),
      'a part of it': right.slice(0, 40),
      'an empty one': '',
      missing: undefined,
    }
    for (const [name, proof] of Object.entries(wrong)) {
      const found = await findMovedSite(registry, request({ proof }))
      assert.equal(typeof found, 'string', name)
      assert.match(found as string, /not the one that was connected/, name)
    }
  })

  test('is refused when it is not registered, and when another site has the new address', async () => {
    const unknown = await findMovedSite(registry, request({ site: 'aaaaaaaaaaaaaaaa' }))
    assert.match(unknown as string, /not registered here/)
    const taken = 'https://other.example.org/'
    const proof = proofOf(connected.webhookSecret, { challenge, url: taken })
    assert.match(
      (await findMovedSite(registry, request({ url: taken, proof }))) as string,
      /registered as another site/,
    )
  })

  test('is refused by the proof of before once the site was connected again', async () => {
    const proof = proofOf(connected.webhookSecret, { challenge, url })
    const verifier = 'v'.repeat(43)
    const code = await registry.connections.begin({
      url: connected.site.url,
      returnUrl: `${connected.site.url}wp-admin/`,
      challenge: createHash('sha256').update(verifier).digest('base64url'),
      consent: 'required',
      allowPrivateAddresses: false,
    })
    assert.equal((await registry.connections.redeem({ code, verifier }))?.site.id, connected.site.id)
    assert.match(
      (await findMovedSite(registry, request({ proof }))) as string,
      /not the one that was connected/,
    )
  })

  function request(changes: {
    readonly site?: string
    readonly url?: string
    readonly proof?: string | undefined
  }): ConnectRequest {
    const proof = 'proof' in changes ? changes.proof : proofOf(connected.webhookSecret, { challenge, url })
    return {
      url: changes.url ?? url,
      return: `${changes.url ?? url}wp-admin/`,
      state: 'a-random-state',
      challenge,
      site: changes.site ?? connected.site.id,
      ...(proof !== undefined && { proof }),
    }
  }
})

function proofOf(
  secret: string,
  { challenge: of, url: at }: { readonly challenge: string; readonly url: string },
) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`move\n${of}\n${at}`).digest('base64url')
}
