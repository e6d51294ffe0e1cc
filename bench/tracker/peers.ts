import { PeerKey } from '@peerpress/peer'
import { encodeTrackerMessage, type TrackerServerMessage } from '@peerpress/wire'

/** Introductions that a peer asks for at once. */
export const askedAtOnce = 6

/** What a peer of some protocol says; it hears through `hear`. Knows nothing of sockets. */
export interface Peer {
  /** The first message of its connection. */
  join(): string | Promise<string>
  /** Asks for introductions. */
  ask(): string
  /** Takes a message in; `joined`, `answered`: it was the answer to `join`, an answer of another peer. */
  hear(text: string, say: (text: string) => void): 'joined' | 'answered' | undefined
}

/** As long as what a browser says about a data channel with its candidates. */
const sdp = 'a=candidate:1 1 udp 2113937151 192.0.2.1 54321 typ host generation 0\r\n'.repeat(12)

/** A reader of ours: matched first, then offer and answer between the two. */
export function ourPeer(ticket: string): Peer {
  let isAsking = false
  return {
    join: async () => encodeTrackerMessage(await new PeerKey(crypto.subtle).join(ticket)),
    ask() {
      isAsking = true
      return encodeTrackerMessage({ type: 'want', peers: askedAtOnce })
    },
    hear(text, say) {
      const message = JSON.parse(text) as TrackerServerMessage
      if (message.type === 'welcome') return 'joined'
      if (message.type === 'introduce') {
        // Those that come with joining are not answered, so that all rounds are alike.
        if (!isAsking || message.role === 'answer') return undefined
        say(encodeTrackerMessage({ type: 'signal', to: message.peer, signal: { kind: 'offer', sdp } }))
      } else if (message.type === 'signal') {
        if (message.signal.kind === 'answer') return 'answered'
        say(encodeTrackerMessage({ type: 'signal', to: message.from, signal: { kind: 'answer', sdp } }))
      } else if (message.type === 'error') throw new Error(message.message)
      return undefined
    },
  }
}

/** What a WebTorrent tracker says. */
interface Announcement {
  readonly offer?: unknown
  readonly answer?: unknown
  readonly offer_id?: string
  readonly peer_id?: string
  readonly 'failure reason'?: string
}

/** A WebTorrent client: makes its offers first, the tracker hands them to peers of its choice. */
export function theirPeer(room: string, index: number): Peer {
  const announce = {
    action: 'announce',
    info_hash: room.padEnd(20, '-'),
    peer_id: `-WW0300-${String(index).padStart(12, '0')}`,
    uploaded: 0,
    downloaded: 0,
    left: 1,
  }
  let isJoined = false
  return {
    join: () => JSON.stringify({ ...announce, event: 'started', numwant: 0, offers: [] }),
    ask() {
      const offer = (_: unknown, place: number) => ({
        offer_id: String(place).padStart(20, '0'),
        offer: { type: 'offer', sdp },
      })
      const offers = Array.from({ length: askedAtOnce }, offer)
      return JSON.stringify({ ...announce, numwant: askedAtOnce, offers })
    },
    hear(text, say) {
      const message = JSON.parse(text) as Announcement
      if (message['failure reason'] !== undefined) throw new Error(message['failure reason'])
      if (message.answer !== undefined) return 'answered'
      if (message.offer !== undefined) {
        const { offer_id, peer_id: to_peer_id } = message
        say(JSON.stringify({ ...announce, offer_id, to_peer_id, answer: { type: 'answer', sdp } }))
      } else if (!isJoined) {
        isJoined = true
        return 'joined'
      }
      return undefined
    },
  }
}
