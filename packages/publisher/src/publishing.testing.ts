import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostEventType, SignedMessage } from '@peerpress/connectors'
import { openRegistry, type Receipt, type Registry, type SiteCredentials } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import { Webhook } from 'standardwebhooks'
import type { JobOutcome } from './manifest/job-outcome.ts'
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts'
import type { EventsReceipt } from './receive-events.ts'
import { png, startSite, type TestSite } from './test-site.testing.ts'

/** A registry and a running publisher for one test file. Assets have at most 3 MB, posts 5 MB. */
export interface Publishing {
  readonly registry: Registry
  readonly publisher: Publisher
  /** Starts a new web site on 127.0.0.1, registered with its home at /blog/. */
  startBlog(): Promise<Blog>
  /** Returns the outcome of the site's next job run. */
  nextOutcome(siteId: string): Promise<JobOutcome>
  close(): Promise<void>
}

export interface Blog {
  readonly web: TestSite
  readonly connected: SiteCredentials
  readonly siteId: string
  readonly postUrl: string
  /** Sets the HTML of the post's page. */
  serve(html: string): void
  /** Serves a picture at /blog/`name` and returns its bytes. */
  picture(name: string, body?: Buffer): Buffer
  /** Returns the outcome of this site's next job run. */
  nextOutcome(): Promise<JobOutcome>
  /** Publishes without an event, and returns the outcome of the first run. */
  publish(post?: string, url?: string): Promise<JobOutcome>
  /** Sends a signed event. */
  send(type: PostEventType, event?: SentEvent): Promise<{ readonly repeated: boolean }>
  /** Sends these events in one signed message. */
  sendBatch(events: readonly unknown[]): Promise<EventsReceipt>
  /** Sends released parts in a signed event. */
  release(releases: unknown, at?: Date): Promise<EventsReceipt>
  /** Requests the post's receipt with a signed message. */
  receipt(post?: string): Promise<Receipt | undefined>
  /** Requests receipts with any value in place of the list of posts. */
  receipts(posts: unknown): Promise<readonly Receipt[]>
  /** Sends the signed message that ends the connection. */
  disconnect(homeUrl?: string): Promise<void>
  /** Returns the latest manifest, decoded but not verified. */
  manifest(): Promise<Manifest>
}

export interface SentEvent {
  readonly id?: string
  /** @default '12' */
  readonly post?: string
  readonly url?: string
  /** @default none, as from release 0.1 of the plugin */
  readonly homeUrl?: string
  /** Time at which the CMS made the event. @default now */
  readonly at?: Date
}

export async function startPublishing(options: Partial<PublisherOptions> = {}): Promise<Publishing> {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-publisher-'))
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  const publisher = createPublisher({
    registry,
    directory: join(directory, 'assets'),
    fetchLimits: { maxAsset: 3_000_000, maxPost: 5_000_000, headersTimeout: 2000 },
    resolveAll: (_, __, callback) => callback(null, [{ address: '10.0.0.7', family: 4 }]),
    ...options,
  })
  await publisher.start()
  const nextOutcome = (siteId: string) =>
    new Promise<JobOutcome>((resolve) => {
      const off = publisher.onJobDone((outcome) => {
        if (outcome.site !== siteId) return
        off()
        resolve(outcome)
      })
    })
  return {
    nextOutcome,
    registry,
    publisher,
    startBlog: async () => {
      const web = await startSite()
      const url = `${web.origin}/blog`
      const connected = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: true })
      return createBlog(publisher, web, { connected, nextOutcome: () => nextOutcome(connected.site.id) })
    },
    close: async () => {
      await publisher.stop()
      await registry.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function createBlog(
  publisher: Publisher,
  web: TestSite,
  { connected, nextOutcome }: Pick<Blog, 'connected' | 'nextOutcome'>,
): Blog {
  const siteId = connected.site.id
  const postUrl = `${web.origin}/blog/post/`
  const receive = (id: string, message: object) => publisher.receiveEvents(signed(connected, message, id))
  const receipts = (posts: unknown) =>
    publisher.receipts(signed(connected, { home_url: connected.site.url, posts }))
  return {
    web,
    connected,
    siteId,
    postUrl,
    nextOutcome,
    serve: (html) => {
      web.routes.set('/blog/post/', { body: html })
    },
    picture: (name, body = png(3000)) => {
      web.routes.set(`/blog/${name}`, { body, type: 'image/png' })
      return body
    },
    publish: async (post = '12', url = postUrl) => {
      const outcome = nextOutcome()
      await publisher.publish(siteId, post, url)
      return outcome
    },
    send: async (type, { id = randomUUID(), post = '12', url = postUrl, homeUrl, at = new Date() } = {}) => {
      const { repeated } = await receive(id, {
        type,
        timestamp: at.toISOString(),
        data: { post, url },
        ...(homeUrl && { home_url: homeUrl }),
      })
      return { repeated: repeated === 1 }
    },
    sendBatch: (events) => receive(randomUUID(), { type: 'batch', home_url: `${web.origin}/blog`, events }),
    release: (releases, at = new Date()) =>
      receive(randomUUID(), {
        type: 'site.released',
        home_url: connected.site.url,
        timestamp: at.toISOString(),
        data: { releases },
      }),
    receipt: async (post = '12') => (await receipts([post]))[0],
    receipts,
    disconnect: (homeUrl = connected.site.url) =>
      publisher.disconnect(signed(connected, { home_url: homeUrl })),
    manifest: async () => {
      const envelope = await publisher.manifest(siteId, '12')
      return decodeManifest(decodeEnvelope(envelope ?? assert.fail('no manifest')).payload)
    },
  }
}

/** Signs a message like the site's CMS. */
function signed(
  { site, webhookSecret }: SiteCredentials,
  content: object,
  id: string = randomUUID(),
): SignedMessage {
  const at = new Date()
  const body = Buffer.from(JSON.stringify(content))
  const headers = {
    'user-agent': 'PeerPress/0.2.0',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(webhookSecret).sign(id, at, body),
  }
  return { site: site.id, headers, body }
}
