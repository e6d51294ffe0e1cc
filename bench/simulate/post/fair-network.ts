import type { EventQueue } from '@peerpress/swarm/simulation'

/** One direction of a host's connection to the network. */
export interface Link {
  /** bytes/ms */
  readonly rate: number
}

/** Bytes that wait in a flow. */
interface Parcel {
  left: number
  readonly sent: () => void
}

/** Bytes below which a parcel counts as sent: a rounding error must not become an event of its own. */
const crumb = 1e-6

/**
 * Links that flows share max-min fairly (Bertsekas & Gallager, "Data Networks", 1992, section 6.5.2), as long-lived TCP
 * and SCTP connections with equal round trips roughly do. It is fluid: there are no packets and no losses.
 */
export class FairNetwork {
  readonly #queue: EventQueue
  readonly #active = new Set<Flow>()
  #since = 0
  #wakeUp = 0

  constructor(queue: EventQueue) {
    this.#queue = queue
  }

  /** Opens a flow over these links. */
  open(links: readonly Link[]): Flow {
    return new Flow(this, links)
  }

  /** Called by a flow that begins or ends to have something to send. */
  changed(flow: Flow): void {
    this.#advance()
    if (flow.isEmpty) this.#active.delete(flow)
    else this.#active.add(flow)
    this.#share()
    this.#plan()
  }

  #advance(): void {
    const elapsed = this.#queue.now - this.#since
    this.#since = this.#queue.now
    if (elapsed > 0) for (const flow of this.#active) flow.carry(elapsed)
  }

  /** Progressive filling: the link with the smallest share for each of its flows fixes these, then the next link. */
  #share(): void {
    const shares = new Map<Link, { left: number; readonly flows: Set<Flow> }>()
    for (const flow of this.#active) {
      flow.rate = Infinity
      for (const link of flow.links) {
        const share = shares.get(link) ?? { left: link.rate, flows: new Set() }
        shares.set(link, share)
        share.flows.add(flow)
      }
    }
    while (shares.size > 0) {
      let narrowest: Link | undefined
      let least = Infinity
      for (const [link, { left, flows }] of shares) {
        const each = left / flows.size
        if (each >= least) continue
        least = each
        narrowest = link
      }
      if (narrowest === undefined) return
      for (const flow of shares.get(narrowest)?.flows ?? []) {
        flow.rate = least
        for (const link of flow.links) {
          if (link === narrowest) continue
          const share = shares.get(link)
          if (share === undefined) continue
          share.left = Math.max(0, share.left - least)
          share.flows.delete(flow)
          if (share.flows.size === 0) shares.delete(link)
        }
      }
      shares.delete(narrowest)
    }
  }

  #plan(): void {
    const wakeUp = ++this.#wakeUp
    let next = Infinity
    for (const flow of this.#active) next = Math.min(next, flow.headLeft / flow.rate)
    if (next === Infinity) return
    this.#queue.after(next, () => {
      if (wakeUp === this.#wakeUp) this.#finish()
    })
  }

  #finish(): void {
    this.#advance()
    const sent: (() => void)[] = []
    let isChanged = false
    for (const flow of this.#active) {
      sent.push(...flow.takeSent())
      if (!flow.isEmpty) continue
      this.#active.delete(flow)
      isChanged = true
    }
    if (isChanged) this.#share()
    this.#plan()
    for (const done of sent) done()
  }
}

/** Bytes in one direction between two hosts, in order: an HTTP response, or one side of a data channel. */
export class Flow {
  readonly links: readonly Link[]
  /** bytes/ms at the moment; the network sets it. */
  rate = 0
  readonly #network: FairNetwork
  readonly #parcels: Parcel[] = []
  readonly #waiting: { readonly bytes: number; readonly run: () => void }[] = []
  #isClosed = false

  constructor(network: FairNetwork, links: readonly Link[]) {
    this.#network = network
    this.links = links
  }

  get isEmpty(): boolean {
    return this.#parcels.length === 0
  }

  /** Bytes that have not been sent. */
  get buffered(): number {
    return this.#parcels.reduce((sum, { left }) => sum + left, 0)
  }

  /** Bytes left of the parcel that is being sent. */
  get headLeft(): number {
    return this.#parcels[0]?.left ?? Infinity
  }

  /** Queues bytes; `sent` is called when the last of them has been sent, unless the flow was closed. */
  send(bytes: number, sent: () => void): void {
    if (this.#isClosed) return
    this.#parcels.push({ left: bytes, sent })
    if (this.#parcels.length === 1) this.#network.changed(this)
  }

  /** Calls `run` as soon as at most so many bytes are buffered. */
  whenBelow(bytes: number, run: () => void): void {
    if (this.#isClosed) return
    if (this.buffered <= bytes) run()
    else this.#waiting.push({ bytes, run })
  }

  /** Drops what has not been sent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#waiting.length = 0
    if (this.#parcels.splice(0).length > 0) this.#network.changed(this)
  }

  /** Carries the head for so many ms. */
  carry(elapsed: number): void {
    const head = this.#parcels[0]
    if (head !== undefined) head.left = Math.max(0, head.left - elapsed * this.rate)
  }

  /** Removes the head if it has been sent; returns what to call. */
  takeSent(): (() => void)[] {
    const head = this.#parcels[0]
    if (head === undefined || head.left > crumb) return []
    this.#parcels.shift()
    const { buffered } = this
    const below = this.#waiting.filter((one) => buffered <= one.bytes)
    for (const one of below) this.#waiting.splice(this.#waiting.indexOf(one), 1)
    return [head.sent, ...below.map(({ run }) => run)]
  }
}
