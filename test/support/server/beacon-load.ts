import { Agent, request } from 'node:http'
import { type Beacon, encodeBeacon } from '@peerpress/wire'
import { browser, sampleBeacon } from '../data/sample-beacon.ts'

const day = 86_400_000
const connections = 32
/** A snapshot that is sent again belongs to one of so many latest views. */
const recentViews = 1000

/** What was sent of a view. */
export interface SentView {
  readonly site: string
  /** The n-th has number n + 1. */
  readonly snapshots: Beacon[]
  /** The highest number that was answered 204, 0 for none. */
  answered: number
}

export interface BeaconLoadOptions {
  readonly url: string
  readonly origin: string
  readonly sites: readonly string[]
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * Readers who send beacons without a pause, over connections that stay: new views of the last three days, later snapshots
 * of them, and, as a browser does that had no answer, the same ones again. While the server is gone they wait for it.
 */
export class BeaconLoad {
  readonly views = new Map<string, SentView>()
  /** Beacons that were answered 204. */
  answered = 0
  readonly #options: BeaconLoadOptions
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections })
  readonly #recent: SentView[] = []
  readonly #milestones = new Map<number, () => void>()
  #isUp: Promise<void> = Promise.resolve()

  constructor(options: BeaconLoadOptions) {
    this.#options = options
  }

  /** Sends until so many were answered. */
  async run(enough: number): Promise<void> {
    const reader = async () => {
      while (this.answered < enough) {
        await this.#isUp
        await this.#send(...this.#next())
      }
    }
    await Promise.all(Array.from({ length: connections }, reader))
    this.#agent.destroy()
  }

  /** Resolves when so many were answered. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => this.#milestones.set(count, resolve))
  }

  /** From now on the server is gone, until `back` resolves. */
  pauseUntil(back: Promise<void>): void {
    this.#isUp = back
  }

  #next(): [SentView, Beacon] {
    const { random, sites } = this.#options
    const what = random()
    const known = this.#recent[Math.floor(random() * this.#recent.length)]
    if (known !== undefined && what < 0.1) {
      const again = known.snapshots[Math.floor(random() * known.snapshots.length)] as Beacon
      return [known, again]
    }
    if (known !== undefined && what < 0.4) return [known, this.#snapshot(known)]
    const site = sites[Math.floor(random() * sites.length)] as string
    const view: SentView = { site, snapshots: [], answered: 0 }
    const beacon = this.#snapshot(view)
    this.views.set(beacon.view, view)
    this.#recent.push(view)
    if (this.#recent.length > recentViews) this.#recent.shift()
    return [view, beacon]
  }

  /** The next snapshot of a view: other figures each time, so that it shows which one counts. */
  #snapshot({ site, snapshots }: SentView): Beacon {
    const { random } = this.#options
    const [first] = snapshots
    const age = first === undefined ? Math.floor(random() * 3 * day) : first.age + 1000
    const sequence = snapshots.length + 1
    const beacon = sampleBeacon(site, {
      view: first?.view ?? viewOf(Date.now() - age, random),
      sequence,
      age,
      post: first?.post ?? String(Math.floor(random() * 20)),
      arm: first?.arm ?? (random() < 0.9 ? 'assisted' : 'control'),
      vitals: {
        lcp: random() < 0.1 ? null : Math.round(random() * 5000),
        inp: null,
        cls: 0,
        fcp: 400,
        ttfb: 50,
      },
    })
    const origin = Math.floor(random() * 1e6)
    const delivery = beacon.delivery && {
      ...beacon.delivery,
      bytes: { ...beacon.delivery.bytes, origin },
    }
    const told = { ...beacon, delivery }
    snapshots.push(told)
    return told
  }

  async #send(view: SentView, beacon: Beacon): Promise<void> {
    const status = await this.#post(encodeBeacon(beacon))
    if (status !== 204) return
    view.answered = Math.max(view.answered, beacon.sequence)
    this.answered++
    this.#milestones.get(this.answered)?.()
  }

  /** undefined when the connection broke before an answer came. */
  #post(body: string): Promise<number | undefined> {
    const { url, origin } = this.#options
    return new Promise((resolve) => {
      const sent = request(`${url}/v1/beacon`, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'text/plain',
          'content-length': Buffer.byteLength(body),
          origin,
          'user-agent': browser,
        },
      })
      sent.once('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.once('error', () => resolve(undefined))
      sent.end(body)
    })
  }
}

/** A UUID of version 7 made at that time, epoch ms. */
function viewOf(time: number, random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const at = Math.floor(time).toString(16).padStart(12, '0')
  return `${at.slice(0, 8)}-${at.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
}
