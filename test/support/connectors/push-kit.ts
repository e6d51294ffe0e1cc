import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Manifest } from '@peerpress/wire'
import { Webhook } from 'standardwebhooks'
import { publishedManifest } from './published-manifest.ts'
import { eventually } from '../eventually.ts'
import { type ServerProcess, startServerProcess } from '../server/server-process.ts'
import { StaticSite } from '../server/static-site.ts'

export type EventType = 'post.published' | 'post.updated' | 'post.unpublished' | 'post.deleted'

/** A site whose CMS sends events. */
export interface SendingSite {
  readonly siteId: string
  /** Address of the events. */
  readonly path: string
  readonly secret: string
}

/** A connector that receives events, and what its CMS sends. */
export interface PushSubject {
  readonly name: string
  /** Registers a site, and connects its CMS. */
  readonly connect: (server: ServerProcess, home: string) => Promise<SendingSite>
  readonly event: (
    type: EventType,
    of: { readonly url: string; readonly home: string; readonly at: Date },
  ) => object
  /** The id of the post at this URL. */
  readonly postOf: (url: string) => string
}

interface Sent {
  readonly id?: string
  /** When the CMS made the event. @default now */
  readonly at?: Date
  /** When the request was signed. @default now */
  readonly signedAt?: Date
  readonly secret?: string
  /** Changes the body after it was signed. */
  readonly forge?: (body: string) => string
}

const minute = 60_000

/** What every connector that receives events must do, with a real server. */
export function describePushConnector(subject: PushSubject): void {
  describe(`the connector of ${subject.name}`, { timeout: 240_000 }, () => {
    let server: ServerProcess
    let web: StaticSite
    let site: SendingSite

    before(async () => {
      server = await startServerProcess()
    })
    after(() => server.close())
    beforeEach(async () => {
      web = await new StaticSite().start()
      site = await subject.connect(server, `${web.origin}/`)
    })
    afterEach(() => web.close())

    function signed(type: EventType, url: string, sent: Sent) {
      const { at = new Date(), signedAt = new Date(), forge } = sent
      const id = sent.id ?? randomUUID()
      const body = JSON.stringify(subject.event(type, { url, home: `${web.origin}/`, at }))
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
        'webhook-signature': new Webhook(sent.secret ?? site.secret).sign(id, signedAt, body),
      }
      return { body: forge === undefined ? body : forge(body), headers }
    }

    /** Sends an event. Returns the status, and the code of a refusal. */
    async function send(
      type: EventType,
      url: string,
      sent: Sent = {},
    ): Promise<[number, string | undefined]> {
      const response = await fetch(server.url + site.path, { method: 'POST', ...signed(type, url, sent) })
      const { code } = (await response.json()) as { code?: string }
      return [response.status, code]
    }
    const accepted = async (type: EventType, url: string, sent?: Sent) =>
      assert.deepEqual(await send(type, url, sent), [202, undefined])
    const manifestOf = (url: string) => publishedManifest(server, site.siteId, subject.postOf(url))
    const atVersion = (url: string, version: number): Promise<Manifest> =>
      eventually(`version ${version}`, async () => {
        const manifest = await manifestOf(url)
        return manifest?.version === version ? manifest : undefined
      })

    test('publishes, updates and withdraws a post', async () => {
      const url = web.post('one')
      await accepted('post.published', url)
      assert.equal((await atVersion(url, 1)).assets.length, 1)
      web.post('one')
      await accepted('post.updated', url)
      await atVersion(url, 2)
      await accepted('post.deleted', url)
      assert.equal((await atVersion(url, 3)).revoked, true)
    })

    test('refuses forged events: of another secret, with a changed body, without a signature', async () => {
      const url = web.post('one')
      const secret = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0'
      assert.deepEqual(await send('post.published', url, { secret }), [401, 'bad-signature'])
      const forge = (body: string) => body.replace('post.published', 'post.deleted')
      assert.deepEqual(await send('post.published', url, { forge }), [401, 'bad-signature'])
      const bare = await fetch(server.url + site.path, { method: 'POST', body: '{}' })
      assert.equal(bare.status, 401)
      assert.equal(await manifestOf(url), undefined)
    })

    test('refuses events that were signed too long ago, or ahead of time', async () => {
      const url = web.post('one')
      for (const offset of [-6, 6]) {
        const signedAt = new Date(Date.now() + offset * minute)
        assert.deepEqual(await send('post.published', url, { signedAt }), [401, 'stale'])
      }
    })

    test('accepts an event once that comes many times, at once or later', async () => {
      const url = web.post('one')
      const once8 = Array.from({ length: 8 }, () => accepted('post.published', url, { id: 'same' }))
      await Promise.all(once8)
      await atVersion(url, 1)
      await accepted('post.unpublished', url)
      await atVersion(url, 2)
      await accepted('post.published', url, { id: 'same' })
      await accepted('post.published', url, { id: 'other' })
      assert.equal((await atVersion(url, 3)).revoked, false)
    })

    test('an event that comes after a later one changes nothing', async () => {
      const url = web.post('one')
      await accepted('post.published', url)
      await atVersion(url, 1)
      await accepted('post.unpublished', url)
      await atVersion(url, 2)
      await accepted('post.published', url, { at: new Date(Date.now() - minute) })
      // Another post's event is handled after it.
      const next = web.post('next')
      await accepted('post.published', next)
      await atVersion(next, 1)
      assert.equal((await manifestOf(url))?.version, 2)
    })

    test('refuses events about pages of other sites', async () => {
      for (const url of ['https://other.example/', 'http://169.254.169.254/latest/'])
        assert.deepEqual(await send('post.published', url), [400, 'foreign-url'])
    })

    test('refuses an oversized event, and accepts the next one', async () => {
      const url = web.post('one')
      const forge = (body: string) => body + ' '.repeat(100_000)
      const [status] = await send('post.published', url, { forge })
      assert.equal(status, 413)
      await accepted('post.published', url)
    })

    test('a slow sender holds up no other event', async () => {
      const url = web.post('one')
      const { headers, body } = signed('post.published', url, {})
      const { hostname, port } = new URL(server.url)
      const slow = request({ hostname, port, path: site.path, method: 'POST', headers })
      slow.on('error', () => {})
      slow.write(body.slice(0, 10))
      await once(slow, 'socket')
      await accepted('post.published', url)
      await atVersion(url, 1)
      slow.destroy()
    })
  })
}
