import type { BotMark } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import { type Agent, maxUserAgentLength } from './enrich/agent.ts'
import type { Place } from './enrich/place.ts'
import type { Referral } from './enrich/referral.ts'

/** A request with a beacon, reduced to the fields that the collector may know. */
export interface BeaconRequest {
  readonly body: Buffer
  /** The `Origin` header. */
  readonly origin: string | null
  /** Cut at `maxUserAgentLength` before it is read. */
  readonly userAgent: string
  /** The reader's address. It is looked up for the place and hashed for the visitor's id, and never stored. */
  readonly address: string
  /** A text that is the same for readers of one network. */
  readonly network: string
}

/** A beacon that passes the steps, and their findings. Each finding names the step that sets it. */
export class BeaconContext {
  readonly request: BeaconRequest
  /** ms since the Unix epoch */
  readonly receivedAt: number
  /** `parse`: the body's JSON. */
  value: unknown = undefined
  /** `schema` */
  beacon!: Beacon
  /** `site`: the site's origins. */
  origins!: readonly string[]
  /** `clock`: when the view began according to its age, ms since the Unix epoch. */
  startedAt = 0
  /** `place` */
  place!: Place
  /** `agent` */
  agent!: Agent
  /** `bot`: why the view counts as a bot's; null for a person's. */
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
