import type { Platform } from '@peerpress/peer'
import { maxTrackerServerMessageLength } from '@peerpress/wire'
import { WebSocket } from 'ws'
import type { Guard } from './guard.ts'
import type { Fetch } from './lending/guarded-fetch.ts'

/** ms without a ping after which the tracker line counts as broken. The tracker sends a ping every 30 s. */
const silenceTimeout = 75_000

/** Node's clock, hashing and network. What a timer's callback throws is reported to `guard`. `fetchUrl` requests ranges. */
export function nodePlatform(guard: Guard, fetchUrl: Fetch = fetch): Platform {
  return {
    now: () => performance.now(),
    random: () => Math.random(),
    setTimer(callback, ms) {
      const timer = setTimeout(guard.callback(callback), ms)
      return () => clearTimeout(timer)
    },
    subtle: crypto.subtle,
    // A part of a compressed body could not be decompressed.
    fetchRange: (url, Range, signal) =>
      fetchUrl(url, { headers: { Range, 'Accept-Encoding': 'identity' }, signal }),
    openSocket,
  }
}

function openSocket(url: string): WebSocket {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: 4 * maxTrackerServerMessageLength,
    handshakeTimeout: 10_000,
  })
  const silence = setTimeout(() => socket.terminate(), silenceTimeout)
  socket.on('ping', () => silence.refresh())
  socket.on('close', () => clearTimeout(silence))
  // `close` follows.
  socket.on('error', () => {})
  return socket
}
