import { once } from 'node:events'
import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a backup on its way after so many bytes. */
export type BackupFault = 'stalls' | 'breaks' | 'ends' | 'changes'

/** A way to a server on which backups meet with faults. */
export interface BackupProxy {
  readonly url: string
  fault: BackupFault
  /** Resolves when the fault has happened. */
  happened: PromiseWithResolvers<void>
  close(): Promise<void>
}

/** Passes so many bytes of each backup of the server at `target` as they are. */
export async function startBackupProxy(target: string, bytes: number): Promise<BackupProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming
    const forwarded = request(new URL(incoming.url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      let passed = 0
      let isOver = false
      answer.on('data', (piece: Buffer) => {
        if (isOver) {
          if (proxy.fault === 'changes') outgoing.write(piece)
          return
        }
        const left = piece.subarray(0, bytes - passed)
        passed += left.length
        if (passed < bytes) {
          outgoing.write(left)
          return
        }
        isOver = true
        const rest = Buffer.from(piece.subarray(left.length))
        outgoing.write(left, () => {
          befall(outgoing, rest)
          proxy.happened.resolve()
        })
      })
      answer.on('end', () => {
        if (proxy.fault === 'changes') outgoing.end()
      })
      outgoing.on('close', () => answer.destroy())
      answer.on('error', () => outgoing.destroy())
    })
    forwarded.on('error', () => outgoing.destroy())
    forwarded.end()
  })
  const befall = (outgoing: ServerResponse, rest: Buffer) => {
    if (proxy.fault === 'breaks') outgoing.destroy()
    else if (proxy.fault === 'ends') outgoing.end()
    else if (proxy.fault === 'changes') {
      const at = Math.min(1, rest.length - 1)
      rest[at] = (rest[at] ?? 0) ^ 1
      outgoing.write(rest)
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: BackupProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: 'stalls',
    happened: Promise.withResolvers(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
