import type { ChannelEvents, OpenChannel } from '../connections/channel.ts'

interface End {
  readonly events: ChannelEvents
  other: End | undefined
}

const offered = new Map<string, End>()

/**
 * Opens a data channel within this process, for tests of what lies above channels. Real ones are tested by themselves: a
 * handshake may fail on a busy machine, which a peer leaves to the next introduction.
 */
export const openMemoryChannel: OpenChannel = (_, events) => {
  const end: End = { events, other: undefined }
  return {
    bufferedAmount: 0,
    async offer() {
      const sdp = `m=application ${offered.size}`
      offered.set(sdp, end)
      events.onSignal({ kind: 'offer', sdp })
    },
    async accept(signal) {
      if (signal.kind !== 'offer') return
      const other = offered.get(signal.sdp)
      if (!other) throw new Error('no such offer')
      end.other = other
      other.other = end
      events.onSignal({ kind: 'answer', sdp: signal.sdp })
      for (const { events: side } of [end, other]) setImmediate(side.onOpen)
    },
    send(bytes) {
      const { other } = end
      if (!other) throw new Error('not open')
      const copy = bytes.slice()
      setImmediate(() => other.events.onMessage(copy))
    },
    close() {
      const { other } = end
      end.other = undefined
      if (!other) return
      other.other = undefined
      setImmediate(other.events.onClosed)
    },
  }
}
