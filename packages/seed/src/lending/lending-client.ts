import { randomBytes, randomInt } from 'node:crypto'
import {
  type Assignment,
  decodeAssignment,
  encodeOffer,
  encodeSeedRequest,
  offerPayloadType,
  type PostId,
  type SeedRequest,
  seedRequestPayloadType,
  type SiteId,
} from '@peerpress/wire'
import { SeedError } from '../seed-error.ts'
import type { SeedIdentity } from './seed-identity.ts'

const requestTimeout = 20_000
/** characters; assignments are long */
const maxAnswerLength = 8 * 1024 * 1024
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The limits of an offer. */
export interface OfferInput {
  /** The site that gets the credit. */
  readonly owner: SiteId
  /** ISO 3166-1 alpha-2 */
  readonly country: string
  readonly maxBytes: number
  readonly bytesPerDay: number
  /** ms from now */
  readonly term: number
}

/** A refusal of the server. `code` is that of the problem it answered. */
export class LendingRefusal extends SeedError {
  readonly problem: string

  constructor(problem: string, message: string) {
    super('refused', message)
    this.problem = problem
  }
}

export interface LendingClientOptions {
  /** Origin of the server. */
  readonly server: string
  readonly identity: SeedIdentity
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** The signed requests of a seed to the server of the community. */
export class LendingClient {
  readonly #options: LendingClientOptions

  constructor(options: LendingClientOptions) {
    this.#options = options
  }

  /**
   * Makes an offer. `token`: a seed token of the owner's site.
   * @throws {SeedError} `refused`, `unreachable`
   */
  async offer({ owner, country, maxBytes, bytesPerDay, term }: OfferInput, token: string): Promise<void> {
    const { identity, now } = this.#options
    const issuedAt = now()
    const id = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')
    const terms = { id, seed: identity.seed, maxBytes, bytesPerDay, issuedAt, expiresAt: issuedAt + term }
    const envelope = identity.envelope(offerPayloadType, encodeOffer({ ...terms, owner, country }))
    await this.#post('offers', envelope, { Authorization: `Bearer ${token}` })
  }

  /** @throws {SeedError} `refused`, `unreachable` */
  async assignment(): Promise<Assignment> {
    return decodeAssignment(await this.#post('assignments', this.#signed({ action: 'assignment' })))
  }

  /** Returns a ticket for the swarm of a post. @throws {SeedError} `refused`, `unreachable` */
  async ticket(site: SiteId, post: PostId): Promise<string> {
    const answer = await this.#post('tickets', this.#signed({ action: 'ticket', site, post }))
    const { ticket } = JSON.parse(answer) as { readonly ticket?: unknown }
    if (typeof ticket === 'string') return ticket
    throw new SeedError('unreachable', `${this.#options.server} answers no ticket.`)
  }

  #signed(
    about:
      | { readonly action: 'assignment' }
      | Pick<SeedRequest & { action: 'ticket' }, 'action' | 'site' | 'post'>,
  ): string {
    const { identity, now } = this.#options
    const nonce = randomBytes(16).toString('base64url')
    const request = { ...about, seed: identity.seed, at: now(), nonce }
    return identity.envelope(seedRequestPayloadType, encodeSeedRequest(request))
  }

  async #post(name: string, envelope: string, headers: Record<string, string> = {}): Promise<string> {
    const url = `${this.#options.server}/v1/lending/${name}`
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: envelope,
        redirect: 'error',
        signal: AbortSignal.timeout(requestTimeout),
      })
      const text = await textOf(response)
      if (!response.ok) throw refusalOf(response.status, text)
      return text
    } catch (cause) {
      if (cause instanceof SeedError) throw cause
      throw new SeedError('unreachable', `${url} cannot be reached: ${(cause as Error).message}`, { cause })
    }
  }
}

async function textOf(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > maxAnswerLength) throw new Error('the answer is too long')
  }
  return text
}

/** A failure of the server itself is no refusal: the request is repeated later. */
function refusalOf(status: number, text: string): SeedError {
  if (status >= 500) return new SeedError('unreachable', `the server answers ${status}`)
  let problem: { readonly code?: unknown; readonly detail?: unknown } = {}
  try {
    problem = Object(JSON.parse(text)) as typeof problem
  } catch {
    // A proxy may answer with a page.
  }
  return new LendingRefusal(
    typeof problem.code === 'string' ? problem.code.slice(0, 64) : String(status),
    `the server refuses: ${typeof problem.detail === 'string' ? problem.detail.slice(0, 500) : status}`,
  )
}
