import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type Api, maxRequestBytes, maxUploadBytes, type Sender } from '@peerpress/api'
import express from 'express'
import { bodiesFrom } from '../entry/bodies.ts'
import { graphqlRoute } from './graphql.ts'

test('only accounts and tokens may send files: other bodies are refused beyond 64 KiB', async (t) => {
  const senderOf = async (request: express.Request): Promise<Sender> => {
    const isReader = request.get('authorization') === 'reader'
    const principal = isReader
      ? ({ kind: 'reader' } as const)
      : ({ kind: 'administrator', account: null } as const)
    return { principal, renew: async () => principal, mutationRefusal: null, network: '192.0.2.0/24' }
  }
  const api = (_request: unknown, response: express.Response) => response.json({ data: {} })
  const app = express()
  app.use(
    graphqlRoute({
      api: () => api as unknown as Api,
      bodies: bodiesFrom((request) => request.socket.remoteAddress ?? ''),
      senders: { senderOf },
      dashboardDirectory: '',
      persistedOnly: false,
    }),
  )
  const server = createServer(app)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const statusOf = async (viewer: string, size: number) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { authorization: viewer, 'content-type': 'application/json' },
      body: Buffer.alloc(size, ' '),
    })
    await response.arrayBuffer()
    return response.status
  }
  assert.equal(await statusOf('reader', maxRequestBytes), 200)
  assert.equal(await statusOf('reader', maxRequestBytes + 1), 413)
  assert.equal(await statusOf('administrator', maxUploadBytes), 200)
  assert.equal(await statusOf('administrator', maxUploadBytes + 1), 413)
})
