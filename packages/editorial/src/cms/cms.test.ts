import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createSiteClient, defaultFetchLimits, type SiteClient } from '@peerpress/publisher'
import type { Site, Sites } from '@peerpress/registry'
import { createCms } from './cms.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const answer = {
  result: 'written',
  place: 'yoast',
  before: { title: null, description: null },
  now: { title: 'New', description: null },
}

/** A CMS that speaks HTTP and answers what a test says. */
describe('commands to a CMS', { timeout: 60_000 }, () => {
  let server: Server
  let client: SiteClient
  let origin: string
  let respond: (request: IncomingMessage, response: ServerResponse, body: string) => void
  let disconnectedAt: Date | null = null
  const limits = { ...defaultFetchLimits, headersTimeout: 300, idleTimeout: 300 }

  before(async () => {
    server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => respond(request, response, Buffer.concat(pieces).toString()))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    client = createSiteClient({ limits })
  })
  after(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const write = (allowPrivateAddresses = true) => {
    const site = {
      id: 'aaaaaaaaaaaaaaaa',
      url: `${origin}/blog/`,
      origins: [origin],
      allowPrivateAddresses,
      disconnectedAt,
    }
    const sites: Pick<Sites, 'get' | 'webhookSecret'> = {
      get: async () => site as unknown as Site,
      webhookSecret: async () => secret,
    }
    const cms = createCms({ registry: { sites: sites as Sites }, client, now: () => 1_800_000_000_500 })
    const context = { site: site.id, id: 'change-write', signal: new AbortController().signal }
    return cms.writePage({ post: '12', title: 'New', expected: { title: null } }, context)
  }
  const json = (status: number, value: unknown) => {
    respond = (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
  }
  const refused = async (code: string, message?: RegExp) => {
    await assert.rejects(write(), (error: Error & { code?: string }) => {
      assert.deepEqual([error.name, error.code], ['CmsError', code])
      if (message !== undefined) assert.match(error.message, message)
      assert.ok(!`${error.message}${String(error.cause)}`.includes(secret))
      return true
    })
  }

  test('are signed, name their site and their id, and have the answer of the plugin', async () => {
    const seen = Promise.withResolvers<{ request: IncomingMessage; body: string }>()
    respond = (request, response, body) => {
      seen.resolve({ request, body })
      response.end(JSON.stringify({ ...answer, later: 1 }))
    }
    assert.deepEqual(await write(), answer)
    const { request, body } = await seen.promise
    assert.equal(request.method, 'POST')
    assert.equal(request.url, '/blog/?rest_route=/peerpress/v1/commands')
    assert.equal(request.headers['webhook-id'], 'change-write')
    assert.equal(request.headers['webhook-timestamp'], '1800000000')
    // Computed independently, following the Standard Webhooks specification.
    const signed = createHmac('sha256', Buffer.alloc(32, 7)).update(`change-write.1800000000.${body}`)
    assert.equal(request.headers['webhook-signature'], `v1,${signed.digest('base64')}`)
    assert.deepEqual(JSON.parse(body), {
      command: 'page.write',
      site: 'aaaaaaaaaaaaaaaa',
      post: '12',
      title: 'New',
      expected: { title: null },
    })
  })

  test('fail with the reason of the plugin, and say whether another attempt can help', async () => {
    json(404, { code: 'peerpress-no-post', message: 'There is no such public post.' })
    await refused('refused', /no such public post/)
    json(409, { code: 'peerpress-in-progress', message: 'It is being carried out.' })
    await refused('in-progress')
    json(409, { code: 'peerpress-other-site', message: 'It is for another site.' })
    await refused('disconnected')
  })

  test('fail if something other than the plugin answers', async () => {
    for (const [status, value] of [
      [200, { ...answer, result: 'published' }],
      [200, { ...answer, place: '<script>' }],
      [200, null],
      [404, { code: 'rest_no_route', message: 'No route' }],
    ] as const) {
      json(status, value)
      await refused('no-plugin')
    }
    respond = (_request, response) => {
      response.end('<html>Welcome</html>')
    }
    await refused('no-plugin')
    respond = (_request, response) => {
      response.end('x'.repeat(300_000))
    }
    await refused('no-plugin')
  })

  test('follow no redirect', async () => {
    let requests = 0
    respond = (_request, response) => {
      requests++
      response.writeHead(302, { location: '/blog/elsewhere' }).end()
    }
    await refused('no-plugin', /302/)
    assert.equal(requests, 1)
  })

  test('end in time if the CMS is silent, never ends, breaks off or is overloaded', async () => {
    respond = () => undefined
    await refused('unreachable')
    respond = (_request, response) => {
      response.writeHead(200).write('{"result":')
    }
    await refused('unreachable')
    respond = (request) => {
      request.socket.destroy()
    }
    await refused('unreachable')
    json(503, { code: 'maintenance', message: 'Later' })
    await refused('unreachable', /503/)
  })

  test('go to no private address unless the site may have one, and to no site that disconnected', async () => {
    json(200, answer)
    await assert.rejects(write(false), { name: 'CmsError', code: 'unreachable' })
    disconnectedAt = new Date()
    await refused('disconnected')
    disconnectedAt = null
  })
})
