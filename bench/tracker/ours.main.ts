import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTracker } from '@peerpress/tracker'
import { answerQuestions } from '../child.ts'
import { usage } from '../usage.ts'

const tracker = createTracker({
  ticketKey: randomBytes(32),
  iceServers: [],
  maxConnectionsPerNetwork: Infinity,
})
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  tracker.upgrade(request, socket, head, request.socket.remoteAddress ?? '')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

answerQuestions(async ({ rooms }: { readonly rooms?: readonly string[] }) => {
  if (rooms === undefined) return usage()
  const ticketOf = (post: string) =>
    tracker.issueTicket({ site: 'abcdefgh01234567', post, address: '127.0.0.1' })
  return { port: (server.address() as AddressInfo).port, rooms: await Promise.all(rooms.map(ticketOf)) }
})
