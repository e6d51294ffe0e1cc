import { fdatasync, open, write } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { answerQuestions } from '../child.ts'
import { usage } from '../usage.ts'

// The least that keeps a beacon: read the body, JSON.parse, append, one fdatasync for all that wait, 204. No check of
// anything, no store.
answerQuestions(async ({ directory }: { readonly directory?: string }) => {
  if (directory === undefined) return usage()
  const file = await promisify(open)(join(directory, 'floor.log'), 'a')
  let waiting: { readonly line: string; readonly response: ServerResponse }[] = []
  let isWriting = false

  function commit(): void {
    if (isWriting || waiting.length === 0) return
    isWriting = true
    const group = waiting
    waiting = []
    write(file, group.map(({ line }) => line).join(''), (writeError) => {
      if (writeError !== null) throw writeError
      fdatasync(file, (syncError) => {
        if (syncError !== null) throw syncError
        for (const { response } of group) response.writeHead(204).end()
        isWriting = false
        commit()
      })
    })
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const beacon: unknown = JSON.parse(Buffer.concat(parts).toString())
      waiting.push({ line: `${JSON.stringify(beacon)}\n`, response })
      commit()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, site: '0'.repeat(16) }
})
