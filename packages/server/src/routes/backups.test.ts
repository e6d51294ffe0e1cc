import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import express from 'express'
import { ServerError } from '../server-error.ts'
import { backupRoutes } from './backups.ts'

test('a backup is answered although its staging takes longer than a connection may be idle', async (t) => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'peerpress-backup-route-'))
  t.after(() => rm(dataDirectory, { recursive: true, force: true }))
  const flushing = Promise.withResolvers<void>()
  const flush = Promise.withResolvers<never>()
  const unused = () => assert.fail('nothing is staged after a flush that failed')
  const app = express()
  app.get('/never', () => undefined)
  app.use(
    backupRoutes({
      dataDirectory,
      hasAssets: true,
      senders: {
        senderOf: async () => {
          const principal = { kind: 'administrator', account: null } as const
          return { principal, renew: async () => principal, mutationRefusal: null, network: '' }
        },
      },
      registry: { dump: unused },
      store: { freeze: unused },
      collector: () => ({
        flush: () => {
          flushing.resolve()
          return flush.promise
        },
        whilePaused: unused,
        logBytes: () => 0,
      }),
    }),
  )
  const server = createServer(app)
  server.timeout = 50
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const open = { host: '127.0.0.1', port, agent: false } as const
  const backup = request({ ...open, method: 'POST', path: '/v1/backup' }).end()
  const answer = once(backup, 'response')
  answer.catch(() => undefined)
  await flushing.promise
  // A later request that gets no byte either is ended by the server's limit.
  const [error] = await once(request({ ...open, path: '/never' }).end(), 'error')
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET')
  flush.reject(new ServerError('log-not-drained', 'the store did not take what was measured'))
  const [response] = await answer
  assert.equal(response.statusCode, 503)
  assert.match(await text(response), /log-not-drained.+the store did not take what was measured/s)
})
