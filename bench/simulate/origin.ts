import type { EventQueue } from '@peerpress/swarm/simulation'
import type { Scenario } from './scenario.ts'
import { SharedLink } from './shared-link.ts'

/** Whom the origin answers. */
export interface Client {
  readonly gone: boolean
  receive(bytes: number, begun: number, ended: number): number
  fetched(index: number): void
}

/** The origin: all responses share its uplink; each sends its chunks one after the other. */
export class Origin {
  /** Bytes it sent. */
  sent = 0
  readonly #queue: EventQueue
  readonly #scenario: Scenario
  readonly #up: SharedLink

  constructor(queue: EventQueue, scenario: Scenario) {
    this.#queue = queue
    this.#scenario = scenario
    this.#up = new SharedLink(queue, scenario.originUp, scenario.down)
  }

  /** Answers with chunks `first`..`last`. */
  fetch(client: Client, first: number, last: number): void {
    this.#queue.after(this.#scenario.delay, () => this.#send(client, first, last))
  }

  #send(client: Client, index: number, last: number): void {
    if (client.gone) return
    const { chunkSize, delay } = this.#scenario
    const begun = this.#queue.now + delay
    this.#up.send(chunkSize, () => {
      this.sent += chunkSize
      this.#queue.at(client.receive(chunkSize, begun, this.#queue.now + delay), () => client.fetched(index))
      if (index < last) this.#send(client, index + 1, last)
    })
  }
}
