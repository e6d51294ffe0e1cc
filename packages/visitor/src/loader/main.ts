import type { NoticeConfig, PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'
import type { Notice, NoticeModule } from '../notice/main.ts'
import type { Swarm, SwarmModule } from '../runtime/main.ts'
import { releaseVideos } from '../release-videos.ts'
import { savedMark } from '../saved-page.ts'
import { askManager, onManager } from './consent-manager.ts'
import { isEligible } from './eligibility.ts'
import { readConfig } from './read-config.ts'
import { onChoiceElsewhere, remembersAgreement, remembersObjection, rememberChoice } from './reader-choice.ts'
import { hasForeignWorker, registerWorker } from './register-worker.ts'
import { takeLeave } from './take-leave.ts'
import { type Battery, watchThrift } from './thrift.ts'

// No exception of this script may reach the page. If anything fails, the page works without PeerPress.
const elementId: typeof pageConfigElementId = 'peerpress-config'
/** ms after which peer code is loaded even if the page has not finished loading. */
const patience = 1000

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const page = window as { peerpress?: PageSeam }
const found = page.peerpress ? null : readConfig(document.getElementById(elementId)?.textContent ?? '')
if (found) begin(found)

function begin(config: PageConfig): void {
  const { consent: policy, consentCategory } = config
  let granted = false
  let arm: Promise<PageSeam['arm']> | undefined
  let running: Promise<Swarm | null> | undefined
  let notice: Notice | undefined
  let battery: Battery | undefined

  // Until eligibility and consent are known, the reader counts as ineligible.
  const seam: Writable<PageSeam> = { config, arm: 'ineligible', consent: setConsent }
  page.peerpress = seam
  // If the SDK cannot be loaded, the page is not measured.
  import(config.scripts.rum).catch(() => {})
  onChoiceElsewhere(setConsent)
  onManager(consentCategory, (given) => (given === null ? assume() : setConsent(given)))
  assume()
  dispatchEvent(new Event('peerpress:ready'))

  /** Sets the state before the reader chooses anything on this page. */
  function assume(): void {
    granted = !remembersObjection() && (askManager(consentCategory) ?? policy !== 'required')
    advance()
  }

  function setConsent(given: boolean): void {
    granted = given
    rememberChoice(given, policy === 'notice')
    notice?.close()
    // If the browser forbids storage, nothing was stored.
    if (!given) takeLeave(config.worker).catch(() => {})
    advance()
  }

  function advance(): void {
    if (granted) running ??= load().catch(() => null)
    else releaseVideos()
    // If the swarm cannot start, every request goes to the origin.
    running?.then(settle).catch(() => {})
  }

  function settle(swarm: Swarm | null): void {
    if (!swarm) releaseVideos()
    else if (granted && isEligible(config, window, battery)) swarm.start()
    else swarm.stop()
  }

  async function load(): Promise<Swarm | null> {
    seam.arm = await (arm ??= drawArm())
    if (seam.arm !== 'assisted') return null
    if (policy === 'notice' && !remembersAgreement() && !askManager(consentCategory))
      await tell(config.notice as NoticeConfig)
    // If the reader agrees later, loading starts again, in the drawn arm.
    if (!granted) {
      running = undefined
      return null
    }
    if (await hasForeignWorker(config)) {
      seam.arm = 'ineligible'
      return null
    }
    await pageIsQuiet()
    const [{ createSwarm }] = await Promise.all([
      import(config.scripts.swarm) as Promise<SwarmModule>,
      registerWorker(config),
    ])
    if (!granted) await takeLeave(config.worker)
    const swarm = createSwarm(config)
    seam.delivery = swarm.delivery
    return swarm
  }

  async function drawArm(): Promise<PageSeam['arm']> {
    if (!isEligible(config, window)) return 'ineligible'
    battery = await watchThrift(advance)
    if (!isEligible(config, window, battery) || !(await knowsKey(config))) return 'ineligible'
    // A saved copy has no origin for a comparison.
    const isControl = Math.random() < config.control && !document.querySelector(savedMark)
    return isControl ? 'control' : 'assisted'
  }

  /** Resolves when the notice is visible. From then on a reader who does not refuse takes part. */
  async function tell(said: NoticeConfig): Promise<void> {
    const { showNotice } = (await import(said.script)) as NoticeModule
    if (granted) await (notice = showNotice(said, setConsent)).shown
  }
}

/** Returns whether this browser can verify the site's signatures. */
async function knowsKey({ key }: PageConfig): Promise<boolean> {
  const bytes = Uint8Array.from(atob(key.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
  const known = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']).catch(() => null)
  return known !== null
}

/**
 * Resolves when the page has loaded, so that its own first loads come first, or after `patience` ms, so that peers can still
 * deliver the later images of a slow page. A worker that starts at the `load` event still gets every lazy image that the
 * reader has not reached.
 */
function pageIsQuiet(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    addEventListener('load', resolve, { once: true })
    setTimeout(resolve, patience)
  })
}
