import type { PageConfig, pageConfigElementId, PageSeam } from '@peerpress/wire'
import type { Swarm, SwarmModule } from '../runtime/main.ts'
import { releaseVideos } from '../release-videos.ts'
import { isEligible } from './eligibility.ts'
import { readConfig } from './read-config.ts'
import { registerWorker } from './register-worker.ts'

// Nothing in here may reach the page as an exception: whatever goes wrong, the page goes on without us.
const elementId: typeof pageConfigElementId = 'peerpress-config'
/** ms after which peer code is loaded even though the page has not finished loading. */
const patience = 1000
/** Set while the reader objects, so that the next page does not assume consent again. */
const objectionKey = 'peerpress:objection'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const page = window as { peerpress?: PageSeam }
const found = page.peerpress ? null : readConfig(document.getElementById(elementId)?.textContent ?? '')
if (found) begin(found)

function begin(config: PageConfig): void {
  let granted = config.consent === 'assumed' && !remembersObjection()
  let running: Promise<Swarm | null> | undefined

  // Until eligibility is proven and consent is there, the reader counts as one who takes no part.
  const seam: Writable<PageSeam> = { config, arm: 'ineligible', consent: setConsent }
  page.peerpress = seam
  loadScript(config.scripts.rum)
  advance()

  function setConsent(given: boolean): void {
    granted = given
    rememberObjection(!given)
    advance()
  }

  function advance(): void {
    if (granted) running ??= load().catch(() => null)
    else releaseVideos()
    void running?.then(settle).catch(() => {})
  }

  function settle(swarm: Swarm | null): void {
    if (!swarm) releaseVideos()
    else if (granted) swarm.start()
    else swarm.stop()
  }

  async function load(): Promise<Swarm | null> {
    seam.arm = await drawArm(config)
    if (seam.arm !== 'assisted') return null
    if (!(await registerWorker(config.worker))) {
      seam.arm = 'ineligible'
      return null
    }
    await pageIsQuiet()
    const { createSwarm } = (await import(config.scripts.swarm)) as SwarmModule
    const swarm = createSwarm(config)
    seam.delivery = swarm.delivery
    return swarm
  }
}

async function drawArm(config: PageConfig): Promise<PageSeam['arm']> {
  if (!isEligible(config, window)) return 'ineligible'
  const key = Uint8Array.from(atob(config.key.replace(/-/g, '+').replace(/_/g, '/')), (char) =>
    char.charCodeAt(0),
  )
  const known = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']).catch(() => null)
  if (!known) return 'ineligible'
  return Math.random() < config.control ? 'control' : 'assisted'
}

/** The page's own first loads come first; a page that takes long does not keep its later images from peers. */
function pageIsQuiet(): Promise<unknown> {
  if (document.readyState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    addEventListener('load', resolve, { once: true })
    setTimeout(resolve, patience)
  })
}

function loadScript(url: string): void {
  const script = document.createElement('script')
  script.src = url
  script.fetchPriority = 'low'
  document.head.append(script)
}

function remembersObjection(): boolean {
  try {
    return localStorage.getItem(objectionKey) !== null
  } catch {
    return false
  }
}

function rememberObjection(objects: boolean): void {
  try {
    if (objects) localStorage.setItem(objectionKey, '1')
    else localStorage.removeItem(objectionKey)
  } catch {
    // Storage is switched off; the choice holds for this page.
  }
}
