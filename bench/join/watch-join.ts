/** When a reader's first steps into a swarm were, ms from the beginning of the navigation. */
export interface JoinTimes {
  /** The page asked the server for its ticket. */
  ticket?: number
  /** The first channel to a peer was open. */
  open?: number
  /** The first bytes of a chunk came in. */
  byte?: number
}

declare global {
  // oxlint-disable-next-line no-var -- how a global is declared
  var joinTimes: JoinTimes
}

/** Runs in the page before its scripts. As soon as a peer told what it holds the reader looks at what is furthest down. */
export function watchJoin(): void {
  // The messages `bitfield` and `frame` begin with these bytes (`packages/wire/src/peer-message.ts`).
  const [bitfield, frame] = [1, 6]
  const times: JoinTimes = {}
  globalThis.joinTimes = times
  // oxlint-disable-next-line typescript/unbound-method -- called with its connection below
  const create = RTCPeerConnection.prototype.createDataChannel
  RTCPeerConnection.prototype.createDataChannel = function (this: RTCPeerConnection, ...args) {
    const channel = create.apply(this, args)
    channel.addEventListener('open', () => (times.open ??= performance.now()))
    channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const [type] = new Uint8Array(data)
      if (type === bitfield) [...document.images].at(-1)?.scrollIntoView({ block: 'center' })
      if (type === frame) times.byte ??= performance.now()
    })
    return channel
  }
  new PerformanceObserver((entries) => {
    for (const { name, startTime } of entries.getEntries()) {
      if (new URL(name).pathname.endsWith('/ticket')) times.ticket ??= startTime
    }
  }).observe({ type: 'resource', buffered: true })
}
