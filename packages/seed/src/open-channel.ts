import { setTimeout } from 'node:timers/promises'
import { channelLabel, lowWater, type OpenChannel } from '@peerpress/peer'
import type { IceServer } from '@peerpress/wire'
import { PeerConnection } from 'node-datachannel'
import type { Guard } from './guard.ts'

const maxCandidateAttempts = 5
/** ms between two attempts to add a candidate. */
const candidateRetry = 20

/**
 * Returns a function that opens data channels with node-datachannel, the same as a browser's. What a callback throws is
 * reported to `guard`, and its channel counts as closed: in native code it would end the process.
 */
export function channelOpener(guard: Guard): OpenChannel {
  return ({ iceServers, relayOnly }, { onSignal, onOpen, onMessage, onDrained, onClosed }) => {
    // The returned object holds connection and channel: unreferenced ones are collected in the middle of a transfer.
    const connection = new PeerConnection('peerpress', {
      iceServers: iceServers.flatMap(nativeServers),
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
      disableAutoNegotiation: true,
    })
    const safely = <Args extends readonly unknown[]>(work: (...args: Args) => void) =>
      guard.callback(work, onClosed)
    connection.onLocalDescription(
      safely((sdp: string, type: string) => {
        if (type === 'offer' || type === 'answer') onSignal({ kind: type, sdp })
      }),
    )
    connection.onLocalCandidate(
      safely((candidate: string, sdpMid: string) =>
        onSignal({ kind: 'candidate', candidate, sdpMid, sdpMLineIndex: 0 }),
      ),
    )
    connection.onStateChange(
      safely((state: string) => {
        if (state === 'failed' || state === 'closed') onClosed()
      }),
    )
    const channel = connection.createDataChannel(channelLabel, { negotiated: true, id: 0 })
    channel.setBufferedAmountLowThreshold(lowWater)
    channel.onOpen(safely(onOpen))
    channel.onMessage(
      safely((data: string | Buffer | ArrayBuffer) =>
        onMessage(typeof data === 'string' ? new Uint8Array() : new Uint8Array(data)),
      ),
    )
    channel.onBufferedAmountLow(safely(onDrained))
    channel.onClosed(safely(onClosed))
    return {
      get bufferedAmount() {
        return channel.isOpen() ? channel.bufferedAmount() : 0
      },
      async offer() {
        connection.setLocalDescription('offer')
      },
      async accept(signal) {
        if (signal.kind !== 'candidate') {
          connection.setRemoteDescription(signal.sdp, signal.kind)
          if (signal.kind === 'offer') connection.setLocalDescription('answer')
        } else if (signal.candidate !== '') {
          // An empty candidate means that there are no more.
          await addCandidate(connection, signal.candidate, signal.sdpMid ?? '0')
        }
      },
      send(bytes) {
        if (!channel.isOpen()) throw new Error('the channel is not open')
        channel.sendMessageBinary(bytes)
      },
      close() {
        guard.run(() => channel.close())
        guard.run(() => connection.close())
      },
    }
  }
}

/**
 * Adds a candidate of the other side. Just after the answer, libdatachannel may refuse it ("without ICE transport"), because
 * another thread sets up the transport: then it is tried again. One candidate that is refused for good ends no connection,
 * because others may succeed.
 */
async function addCandidate(connection: PeerConnection, candidate: string, mid: string): Promise<void> {
  for (let attempt = 0; attempt < maxCandidateAttempts; attempt++) {
    try {
      connection.addRemoteCandidate(candidate, mid)
      return
    } catch {
      await setTimeout(candidateRetry)
    }
  }
}

function nativeServers({ urls, username, credential }: IceServer): string[] {
  if (username === undefined) return urls
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(credential ?? '')}@`
  return urls.map((url) => url.replace(/^(turns?:)(?:\/\/)?/, `$1${login}`))
}
