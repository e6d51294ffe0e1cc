import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { graphqlClient } from './graphql-client.ts'

test('a server that is silent and one that is not there are told apart', async (t) => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const query = () => graphqlClient(url).query('{ __typename }', {}, { timeout: 50 })
  await assert.rejects(query, { code: 'server-unreachable', message: /gave no answer within .* busy/ })
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  const later = () => graphqlClient(url).query('{ __typename }')
  await assert.rejects(later, { code: 'server-unreachable', message: /no server answers/ })
})
