/**
 * Runs in a network and mount namespace in which an address of the public network is on the loopback device, and in which this
 * program answers the name server's port. The name of its site changes between that address and 127.0.0.1 with every answer
 * (DNS rebinding). Prints what each address was sent as one line of JSON. Its argument is the public address.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { graphqlClient, readOperatorToken } from '@peerpress/cli'
import { readConfig, startServer } from '@peerpress/server'
import { untilPublished } from '@peerpress/testbed'

const [address = ''] = process.argv.slice(2)
/** Posts, each of which resolves the name at least once. */
const posts = 8

const answered = { [address]: 0, '127.0.0.1': 0 }
const nameServer = createSocket('udp4')
nameServer.on('message', (query, { port, address: client }) => {
  nameServer.send(answerTo(query), port, client)
})
nameServer.bind(53, '127.0.0.1')
await once(nameServer, 'listening')

/** Answers a question for an IPv4 address with the one that the last answer did not have, valid for 0 s (RFC 1035). */
function answerTo(query: Buffer): Buffer {
  let end = 12
  while (query[end] !== 0) end += (query[end] ?? 0) + 1
  const question = query.subarray(12, end + 5)
  const isIpv4 = query.readUInt16BE(end + 1) === 1
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(0x8180, 2)
  for (const [offset, count] of [1, isIpv4 ? 1 : 0, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * offset)
  if (!isIpv4) return Buffer.concat([head, question])
  const next = answered['127.0.0.1'] < (answered[address] ?? 0) ? '127.0.0.1' : address
  answered[next] = (answered[next] ?? 0) + 1
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...next.split('.').map(Number)]
  return Buffer.concat([head, question, Buffer.from(record)])
}

async function listen(host: string, port: number) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.writeHead(200, { 'content-type': 'text/html', connection: 'close' })
    response.end('<!doctype html><title>A post</title><body><p>A post</p>')
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { requests, server, port: (server.address() as AddressInfo).port }
}

const open = await listen(address, 0)
const inside = await listen('127.0.0.1', open.port)
const data = await mkdtemp(join(tmpdir(), 'peerpress-rebinding-'))
const server = await startServer(
  readConfig({ PEERPRESS_DATA: data, PEERPRESS_PORT: '0', PEERPRESS_ROLES: 'publisher,api' }),
)
try {
  const client = graphqlClient(server.url, await readOperatorToken(data))
  const url = `http://changing.test:${open.port}/`
  const { siteAdd } = await client.query<{ siteAdd: { site: { siteId: string } } }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }',
    { input: { url, consent: 'REQUIRED', allowPrivateAddresses: false } },
  )
  const { siteId } = siteAdd.site
  const names = Array.from({ length: posts }, (_, i) => `p${i}`)
  for (const postId of names)
    await client.query('mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
      input: { siteId, postId, url: `${url}${postId}` },
    })
  // A post whose name resolved to 127.0.0.1 is fetched again some seconds later, until the name has the other address.
  for (const postId of names) await untilPublished(server.url, siteId, postId)
  const result = {
    open: new Set(open.requests).size >= posts,
    inside: inside.requests,
    wasOfferedInside: answered['127.0.0.1'] > 0,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
} finally {
  await server.close()
  for (const one of [open.server, inside.server, nameServer]) one.close()
  await rm(data, { recursive: true, force: true })
}
