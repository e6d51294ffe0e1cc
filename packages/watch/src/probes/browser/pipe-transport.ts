import type { Readable, Writable } from 'node:stream'
import type { ConnectionTransport } from 'puppeteer-core'

/** Maximum length of one message of the browser, bytes. A longer one ends the connection. */
const maxMessage = 32 * 1024 ** 2

/**
 * Speaks the DevTools protocol over the two pipes of `--remote-debugging-pipe`, where each message ends with a zero byte.
 * Other users of the machine cannot open a pipe as they could a port, and Chromium ends when the pipe closes, also after a
 * SIGKILL of this process.
 */
export function pipeTransport(toBrowser: Writable, fromBrowser: Readable): ConnectionTransport {
  let pieces: Buffer[] = []
  let length = 0
  let isClosed = false
  const transport: ConnectionTransport = {
    send: (message) => {
      if (!isClosed) toBrowser.write(`${message}\0`)
    },
    close: () => {
      toBrowser.destroy()
      fromBrowser.destroy()
    },
  }
  const closed = () => {
    if (isClosed) return
    isClosed = true
    transport.onclose?.()
  }
  fromBrowser.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      const message = Buffer.concat([...pieces, chunk.subarray(start, end)]).toString()
      pieces = []
      length = 0
      start = end + 1
      transport.onmessage?.(message)
    }
    if (start === chunk.length) return
    pieces.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > maxMessage) transport.close()
  })
  for (const stream of [toBrowser, fromBrowser]) {
    stream.on('error', () => transport.close())
    stream.on('close', closed)
  }
  return transport
}
