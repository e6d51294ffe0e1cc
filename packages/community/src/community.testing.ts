import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSiteClient, defaultFetchLimits, type ResolveAll, type SiteClient } from '@peerpress/publisher'
import { openRegistry, type Registry, type SiteCredentials } from '@peerpress/registry'
import { type CommunityLedger, createCommunityLedger } from './ledger/community-ledger.ts'
import { signedManifest } from './member-web.testing.ts'
import { memberAnswer } from './members/prove.ts'

/** A registry, a ledger and a client on real engines, and one HTTP server for every host below `localhost`. */
export interface CommunityBench {
  readonly registry: Registry
  readonly ledger: CommunityLedger
  readonly client: SiteClient
  readonly port: number
  /** Answers of the hosts by their names. A host without one answers 404. */
  readonly hosts: Map<string, RequestListener>
  /** The requests that were received: host and path. */
  readonly requests: string[]
  now(): number
  advance(ms: number): void
  /** Registers a connected site at a host. */
  addSite(host: string, path?: string): Promise<SiteCredentials>
  /** Makes a host answer challenges as the plugin of a site does. */
  installPlugin(host: string, credentials: SiteCredentials): void
  /** Records a publication of a post, with a manifest that the site's key signed. */
  publish(site: SiteCredentials, post: string, url: string, revoked?: boolean): Promise<void>
  close(): Promise<void>
}

export async function openCommunityBench(): Promise<CommunityBench> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-community-'))
  let time = Date.parse('2026-05-01T00:00:00Z')
  const now = () => time
  const registry = await openRegistry({
    directory: join(directory, 'registry'),
    ledgerFile: join(directory, 'ledger.json'),
    now,
  })
  const hosts = new Map<string, RequestListener>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const [host = ''] = (request.headers.host ?? '').split(':')
    requests.push(`${host}${request.url ?? ''}`)
    const answer = hosts.get(host)
    if (answer !== undefined) answer(request, response)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const resolveAll: ResolveAll = (_name, _options, callback) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  const client = createSiteClient({ limits: defaultFetchLimits, resolveAll })
  let versions = 0
  return {
    registry,
    ledger: createCommunityLedger({ registry }),
    client,
    port,
    hosts,
    requests,
    now,
    advance: (ms) => {
      time += ms
    },
    addSite: (host, path = '/') =>
      registry.sites.add({
        url: `http://${host}:${port}${path}`,
        consent: 'assumed',
        allowPrivateAddresses: true,
      }),
    installPlugin: (host, { site, webhookSecret }) => {
      hosts.set(host, (request, response) => {
        const { searchParams } = new URL(request.url ?? '', 'http://any')
        const nonce = searchParams.get('nonce')
        if (searchParams.get('peerpress') !== 'member' || nonce === null) {
          response.writeHead(404).end()
          return
        }
        const answer = memberAnswer(webhookSecret, { site: site.id, host: new URL(site.url).hostname, nonce })
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${answer}\n`)
      })
    },
    publish: async ({ site }, post, url, revoked = false) => {
      const version = ++versions
      const manifest = { site: site.id, post, version, url, revoked }
      const envelope = await signedManifest(registry, manifest)
      await registry.posts.record({ ...manifest, envelope, assets: [] })
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await client.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
