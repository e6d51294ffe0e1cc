import type { PageCall, PageMessage, ShownPost, WorkerCall, WorkerMessage } from '../../port-message.ts'
import { begunPlayers } from '../page/begun-players.ts'

/** ms between two `alive` messages: Chromium stops a worker that is idle for 30 s. */
const aliveInterval = 20_000

/** Callbacks of {@link WorkerLink}. */
export interface WorkerLinkOptions {
  /** Returns whether the page leads. Called when a worker controls the page. */
  readonly leads: () => Promise<boolean>
  readonly onMessage: (message: WorkerMessage) => void
}

/** The page's side of the port to the worker that currently controls it. */
export class WorkerLink {
  readonly #post: ShownPost
  readonly #options: WorkerLinkOptions
  #port: MessagePort | undefined
  #alive: ReturnType<typeof setInterval> | undefined

  constructor(post: ShownPost, options: WorkerLinkOptions) {
    this.#post = post
    this.#options = options
  }

  start(): void {
    navigator.serviceWorker.addEventListener('controllerchange', this.#connect)
    navigator.serviceWorker.addEventListener('message', this.#hear)
    document.addEventListener('visibilitychange', this.#sayAlive)
    this.#alive ??= setInterval(this.#sayAlive, aliveInterval)
    navigator.serviceWorker.startMessages()
    this.#connect()
  }

  stop(): void {
    navigator.serviceWorker.removeEventListener('controllerchange', this.#connect)
    navigator.serviceWorker.removeEventListener('message', this.#hear)
    document.removeEventListener('visibilitychange', this.#sayAlive)
    clearInterval(this.#alive)
    this.#alive = undefined
    this.#port?.close()
    this.#port = undefined
  }

  /** Sends a message to the worker. Chunk bytes are copied, so the page keeps its own. */
  tell(message: PageMessage): void {
    if (message.type !== 'chunk') {
      this.#port?.postMessage(message)
      return
    }
    const bytes = message.bytes.slice()
    this.#port?.postMessage({ ...message, bytes }, [bytes.buffer])
  }

  readonly #connect = (): void => {
    if (!navigator.serviceWorker.controller) return
    this.#options
      .leads()
      .then((leads) => this.#connectAs(leads))
      // A worker without a link to the page leaves its requests to the origin.
      .catch(() => {})
  }

  #connectAs(leads: boolean): void {
    const { controller } = navigator.serviceWorker
    // The link was stopped, or the page lost its worker, in the meantime.
    if (!controller || this.#alive === undefined) return
    this.#port?.close()
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) =>
      this.#options.onMessage(data),
    )
    port1.start()
    const said: PageCall = { peerpress: 'page', post: this.#post, leads, begun: begunPlayers() }
    controller.postMessage(said, [port2])
  }

  readonly #hear = ({ data }: MessageEvent<WorkerCall | null>): void => {
    if (data?.peerpress === 'connect') this.#connect()
  }

  readonly #sayAlive = (): void => {
    if (document.visibilityState !== 'visible') return
    navigator.serviceWorker.controller?.postMessage({ peerpress: 'alive' } satisfies PageCall)
  }
}
