import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { consentPolicies, modes, type Policy, type PostId, seedPolicy, type SiteId } from '@peerpress/wire'
import { errors, jwtVerify, SignJWT } from 'jose'
import { addressPrefix, wholeAddress } from './address-prefix.ts'
import { lentOf, type LentSession } from './lent.ts'
import type { Location } from './location.ts'
import { TrackerError } from '../tracker-error.ts'

const audience = 'tracker'
/** Long enough to load the peer code and connect, short enough to be of little use to others. */
const lifetimeSeconds = 120
/** The policy of tickets that state none: older servers issue them. */
const loosestPolicy: Policy = { mode: 'full', consent: 'assumed' }

/** The peer that a ticket is issued to. */
export interface TicketHolder {
  readonly site: SiteId
  readonly post: PostId
  /** The reader's IP address as the server sees it. */
  readonly address: string
  /** The holder is a seed of the site. Other peers are informed of that. */
  readonly isSeed?: boolean
  /** The holder is a seed of another site's owner. Receipts for it are reported. @default null */
  readonly lent?: LentSession | null
  /** The holder may meet only seeds. */
  readonly seedsOnly?: boolean
  /**
   * The policy that the holder follows. Its connection is closed when the site's policy becomes stricter.
   * @default the loosest; a seed always follows the strictest that has peers
   */
  readonly policy?: Policy
}

/** The permission that a valid ticket gives. */
export interface Admission {
  readonly swarm: string
  readonly site: SiteId
  /** The policy that the holder follows. */
  readonly policy: Policy
  readonly isSeed: boolean
  /** Set for a lent seed alone. */
  readonly lent?: LentSession
  readonly seedsOnly: boolean
  /** A keyed hash of the holder's network, which differs from swarm to swarm. */
  readonly network: string
  /** Keyed hashes of the holder's network and address, the same for all swarms. No ticket contains them. */
  readonly location: Location
  /** A number that identifies the ticket. */
  readonly ticket: number
}

/** Issues and checks tickets: JSON Web Tokens (HS256) that let one network join one swarm for two minutes. */
export class Tickets {
  readonly #key: KeyObject
  readonly #prefixKey: KeyObject
  readonly #now: () => number

  /** @throws {RangeError} if the key has less than 32 bytes. */
  constructor(key: Uint8Array, now: () => number) {
    if (key.length < 32) throw new RangeError(`a ticket key of ${key.length} bytes, at least 32 are needed`)
    this.#key = createSecretKey(key)
    const prefixKey = hkdfSync('sha256', key, '', 'peerpress address prefix', 32)
    this.#prefixKey = createSecretKey(new Uint8Array(prefixKey))
    this.#now = now
  }

  /**
   * Issues a ticket.
   * @throws {TrackerError} `bad-address`
   */
  async issue(holder: TicketHolder): Promise<string> {
    const { site, post, address, isSeed = false, lent = null, seedsOnly = false } = holder
    const { mode, consent } = isSeed ? seedPolicy : (holder.policy ?? loosestPolicy)
    const swarm = `${site}/${post}`
    const issuedAt = Math.floor(this.#now() / 1000)
    const claims = {
      ...(isSeed ? { seed: true } : {}),
      ...(lent ? { lent } : {}),
      ...(seedsOnly ? { seedsOnly: true } : {}),
    }
    return new SignJWT({ swarm, network: this.#network(swarm, address), mode, consent, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(this.#key)
  }

  /**
   * Checks a ticket that a peer at this address presents.
   * @throws {TrackerError} any of its codes
   */
  async check(ticket: string, address: string): Promise<Admission> {
    const { swarm, network, seed, lent, seedsOnly, mode, consent } = await this.#verified(ticket)
    if (typeof swarm !== 'string') throw new TrackerError('ticket-invalid', 'the ticket names no swarm')
    const holder = this.#network(swarm, address)
    const lentSession = seed === true ? lentOf(lent) : null
    if (network !== holder) {
      throw new TrackerError('ticket-elsewhere', 'the ticket was issued to another network')
    }
    return {
      swarm,
      site: swarm.slice(0, swarm.indexOf('/')),
      policy: seed === true ? seedPolicy : policyOf({ mode, consent }),
      isSeed: seed === true,
      ...(lentSession && { lent: lentSession }),
      seedsOnly: seedsOnly === true,
      network: holder,
      location: { networkPrefix: this.#network('', address), address: this.#address(address) },
      ticket: numberOf(ticket),
    }
  }

  async #verified(ticket: string): Promise<Record<string, unknown>> {
    try {
      const { payload } = await jwtVerify(ticket, this.#key, {
        algorithms: ['HS256'],
        audience,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      })
      return payload
    } catch (cause) {
      if (cause instanceof errors.JWTExpired)
        throw new TrackerError('ticket-expired', 'the ticket has expired')
      throw new TrackerError('ticket-invalid', 'not a ticket of this tracker', { cause })
    }
  }

  /**
   * The hash is keyed, so that a ticket does not reveal its holder's address: the 2^24 networks of IPv4 could be tried
   * against a plain hash. It covers the swarm, so that two tickets do not reveal that they have one holder.
   */
  #network(swarm: string, address: string): string {
    return createHmac('sha256', this.#prefixKey)
      .update(`${swarm}\n${addressPrefix(address)}`)
      .digest('base64url')
  }

  /**
   * Returns 30 bits: V8 stores such an integer without an allocation. Without the key nobody can find two equal ones.
   */
  #address(address: string): number {
    const hash = createHmac('sha256', this.#prefixKey)
      .update(`address\n${wholeAddress(address)}`)
      .digest()
    return hash.readUInt32BE() >>> 2
  }
}

/** Returns 48 bits of the ticket's signature, which nobody can choose. */
function numberOf(ticket: string): number {
  return Buffer.from(ticket.slice(ticket.lastIndexOf('.') + 1), 'base64url').readUIntBE(0, 6)
}

function policyOf({ mode, consent }: { readonly mode: unknown; readonly consent: unknown }): Policy {
  return {
    mode: modes.find((one) => one === mode) ?? loosestPolicy.mode,
    consent: consentPolicies.find((one) => one === consent) ?? loosestPolicy.consent,
  }
}
