import { TokenBucket } from '@peerpress/wire/token-bucket'

/** Maximum of networks that are remembered. Beyond it, networks without connections are forgotten, the oldest first. */
const maxRemembered = 100_000

/** Bytes of unfinished messages that a network's connections may hold together: a base, */
const baseHeldBytes = 64 * 1024
/** and more for each connection that it may have. */
const heldBytesPerConnection = 4 * 1024

/** Bytes that may wait for its connections that do not read: a base, and more for each connection. */
const baseWaitingBytes = 1024 * 1024
const waitingBytesPerConnection = 64 * 1024
/** Networks that are examined to forget one. */
const forgetLooks = 16

/** Why a network may not open another connection now. */
export type NetworkRefusal = 'network-full' | 'network-hurried'

/**
 * Limits the use of the tracker by each network (IPv4 /24, IPv6 /48). All limits follow from `maxConnections`, the
 * concurrent connections of a network: a carrier's NAT with so many readers stays below them. They survive reconnects.
 */
export class Networks {
  readonly #maxConnections: number
  readonly #accounts = new Map<string, NetworkAccount>()

  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections
  }

  /** Counts a new connection of a network. Returns the network's account, or why the connection is refused. */
  connect(network: string, now: number): NetworkAccount | NetworkRefusal {
    const account = this.#accounts.get(network) ?? new NetworkAccount(this.#maxConnections, now)
    const refusal = account.connect(now)
    this.#accounts.set(network, account)
    if (this.#accounts.size > maxRemembered) this.#forgetOldest()
    return refusal ?? account
  }

  /** Forgets networks whose account equals a new one. To be called at regular intervals. */
  prune(now: number): void {
    for (const [network, account] of this.#accounts) if (account.isFresh(now)) this.#accounts.delete(network)
  }

  get size(): number {
    return this.#accounts.size
  }

  #forgetOldest(): void {
    let looks = 0
    for (const [network, account] of this.#accounts) {
      this.#accounts.delete(network)
      if (account.connections === 0) return
      this.#accounts.set(network, account)
      if (++looks === forgetLooks) return
    }
  }
}

/** One network's use of the tracker. */
export class NetworkAccount {
  readonly #maxConnections: number
  /** New connections: each has its own limit of messages, and a signature to check when it joins. */
  readonly #newcomers: TokenBucket
  /** Signatures to check after joining. */
  readonly #signatures: TokenBucket
  #connections = 0
  #heldBytes = 0
  #waitingBytes = 0

  constructor(maxConnections: number, now: number) {
    this.#maxConnections = maxConnections
    this.#newcomers = new TokenBucket({ burst: 2 * maxConnections, perSecond: maxConnections / 10 }, now)
    this.#signatures = new TokenBucket({ burst: 2 * maxConnections, perSecond: maxConnections / 5 }, now)
  }

  get connections(): number {
    return this.#connections
  }

  /** Counts a connection, or returns why it is refused. */
  connect(now: number): NetworkRefusal | null {
    if (this.#connections >= this.#maxConnections) return 'network-full'
    if (!this.#newcomers.take(now)) return 'network-hurried'
    this.#connections++
    return null
  }

  disconnect(): void {
    this.#connections--
  }

  /** Whether one more signature may be checked for a connected peer of the network. */
  mayCheckSignature(now: number): boolean {
    return this.#signatures.take(now)
  }

  /**
   * Counts bytes of unfinished messages that a connection holds more, or less if negative. False if they are too many.
   */
  hold(bytes: number): boolean {
    this.#heldBytes += bytes
    return this.#heldBytes <= baseHeldBytes + heldBytesPerConnection * this.#maxConnections
  }

  /**
   * Counts bytes that wait for a connection that does not read: more, or less if negative. False if they are too many.
   */
  letWait(bytes: number): boolean {
    this.#waitingBytes += bytes
    return this.#waitingBytes <= baseWaitingBytes + waitingBytesPerConnection * this.#maxConnections
  }

  /** Whether the account equals a new one. */
  isFresh(now: number): boolean {
    return this.#connections === 0 && this.#newcomers.isFull(now) && this.#signatures.isFull(now)
  }
}
