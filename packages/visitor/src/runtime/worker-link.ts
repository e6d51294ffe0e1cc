import type { Asset } from '@peerpress/wire'
import type { PageCall, PageMessage, WorkerCall, WorkerMessage } from '../port-message.ts'
import { begunPlayers } from './begun-players.ts'

/** ms between two signs of life: Chromium stops a worker that had nothing to do for 30 s. */
const aliveInterval = 20_000

/** The assets that the worker may answer with, and what an id is put after for the server's copy. */
export interface AssetSources {
  readonly assets: readonly Asset[]
  readonly mirror: string
}

/** The page's side of the port to the worker that controls it, whichever worker that is at the moment. */
export class WorkerLink {
  readonly #delivery: AssetSources
  readonly #onMessage: (message: WorkerMessage) => void
  #port: MessagePort | undefined
  #alive: ReturnType<typeof setInterval> | undefined

  constructor(delivery: AssetSources, onMessage: (message: WorkerMessage) => void) {
    this.#delivery = delivery
    this.#onMessage = onMessage
  }

  start(): void {
    navigator.serviceWorker.addEventListener('controllerchange', this.#connect)
    navigator.serviceWorker.addEventListener('message', this.#hear)
    document.addEventListener('visibilitychange', this.#sayAlive)
    this.#alive = setInterval(this.#sayAlive, aliveInterval)
    navigator.serviceWorker.startMessages()
    this.#connect()
  }

  stop(): void {
    navigator.serviceWorker.removeEventListener('controllerchange', this.#connect)
    navigator.serviceWorker.removeEventListener('message', this.#hear)
    document.removeEventListener('visibilitychange', this.#sayAlive)
    clearInterval(this.#alive)
    this.#port?.close()
    this.#port = undefined
  }

  /** Tells the worker something; chunk bytes are copied, the page keeps its own. */
  tell(message: PageMessage): void {
    if (message.type !== 'chunk') {
      this.#port?.postMessage(message)
      return
    }
    const bytes = message.bytes.slice()
    this.#port?.postMessage({ ...message, bytes }, [bytes.buffer])
  }

  readonly #connect = (): void => {
    const { controller } = navigator.serviceWorker
    if (!controller) return
    this.#port?.close()
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => this.#onMessage(data))
    port1.start()
    const said: PageCall = { peerpress: 'page', ...this.#delivery, begun: begunPlayers() }
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
