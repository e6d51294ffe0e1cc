import type { BotMark } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import { type Agent, maxUserAgentLength } from './enrich/agent.ts'
import type { Place } from './enrich/place.ts'
import type { Referral } from './enrich/referral.ts'

/** A request that carries a beacon, reduced to what the collector may know. */
export interface BeaconRequest {
  readonly body: Buffer
  /** The `Origin` header. */
  readonly origin: string | null
  /** Cut at `maxUserAgentLength` before anything reads it. */
  readonly userAgent: string
  /** The reader's address: looked up for the place and hashed for the visitor's id, then forgotten. */
  readonly address: string
  /** Any text that is the same for readers of one network. */
  readonly network: string
}

/** A beacon on its way through the steps, and what they found. Each finding is there from the step that makes it on. */
export class BeaconContext {
  readonly request: BeaconRequest
  /** ms since the Unix epoch */
  readonly receivedAt: number
  /** `parse`: what the body says. */
  value: unknown = undefined
  /** `schema` */
  beacon!: Beacon
  /** `site`: the site's origins. */
  origins!: readonly string[]
  /** `clock`: when the view began by the reader's stopwatch, ms since the Unix epoch. */
  startedAt = 0
  /** `place` */
  place!: Place
  /** `agent` */
  agent!: Agent
  /** `bot`: why nobody is taken to be behind the view; null for a person's. */
  bot: BotMark | null = null
  /** `referrer` */
  referral!: Referral
  /** `visitor`: as `ViewRow` has it. */
  visitor: string | null = null

  constructor(request: BeaconRequest, receivedAt: number, value?: unknown) {
    this.request = { ...request, userAgent: request.userAgent.slice(0, maxUserAgentLength) }
    this.receivedAt = receivedAt
    this.value = value
  }
}
