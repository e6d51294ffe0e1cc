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

// Nothing in here may reach the page as an exception: whatever goes wrong, the page goes on without us.
const elementId: typeof pageConfigElementId = 'peerpress-config'
/** ms after which peer code is loaded even though the page has not finished loading. */
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

  // Until eligibility is proven and consent is there, the reader counts as one who takes no part.
  const seam: Writable<PageSeam> = { config, arm: 'ineligible', consent: setConsent }
  page.peerpress = seam
  // A page that cannot load the SDK is not measured.
  import(config.scripts.rum).catch(() => {})
  onChoiceElsewhere(setConsent)
  onManager(consentCategory, (given) => (given === null ? assume() : setConsent(given)))
  assume()
  dispatchEvent(new Event('peerpress:ready'))

  /** What holds before the reader says anything on this page. */
  function assume(): void {
    granted = !remembersObjection() && (askManager(consentCategory) ?? policy !== 'required')
    advance()
  }

  function setConsent(given: boolean): void {
    granted = given
    rememberChoice(given, policy === 'notice')
    notice?.close()
    // Where the browser forbids storage, nothing was stored.
    if (!given) takeLeave(config.worker).catch(() => {})
    advance()
  }

  function advance(): void {
    if (granted) running ??= load().catch(() => null)
    else releaseVideos()
    // What cannot start leaves every request to the origin.
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
    // A reader who says yes after all is loaded for again, in the arm that was drawn.
    if (!granted) {
      running = undefined
      return null
    }
    if (await hasForeignWorker(config.worker)) {
      seam.arm = 'ineligible'
      return null
    }
    await pageIsQuiet()
    const [{ createSwarm }] = await Promise.all([
      import(config.scripts.swarm) as Promise<SwarmModule>,
      registerWorker(config.worker),
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
    // A saved copy has no origin to be compared with.
    const isControl = Math.random() < config.control && !document.querySelector(savedMark)
    return isControl ? 'control' : 'assisted'
  }

  /** Resolves when the notice is on the screen: from then on a reader who says nothing takes part. */
  async function tell(said: NoticeConfig): Promise<void> {
    const { showNotice } = (await import(said.script)) as NoticeModule
    if (granted) await (notice = showNotice(said, setConsent)).shown
  }
}

/** Whether this browser verifies what the site's key signed. */
async function knowsKey({ key }: PageConfig): Promise<boolean> {
  const bytes = Uint8Array.from(atob(key.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
  const known = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']).catch(() => null)
  return known !== null
}

/**
 * The page's own first loads come first; a page that takes long does not keep its later images from peers. A worker that
 * comes with the `load` event still takes over every picture that waits for the reader to come near.
 */
function pageIsQuiet(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    addEventListener('load', resolve, { once: true })
    setTimeout(resolve, patience)
  })
}
