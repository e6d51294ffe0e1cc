import type { Page } from 'puppeteer-core'
import { pageConfigElementId } from '@peerpress/wire'

/** How PeerPress's worker is on a page that has loaded. `late`: it should be active and is not. */
export type WorkerState = 'absent' | 'active' | 'late'

/**
 * Puts a page into the assisted arm, as most readers are, before its scripts read the configuration: a view of the control
 * arm has no worker. Call this before the page loads.
 */
export async function joinAssistedArm(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((id) => {
    // `interactive` comes before deferred scripts run: https://html.spec.whatwg.org/multipage/parsing.html#the-end
    document.addEventListener('readystatechange', () => {
      const text = document.getElementById(id)?.firstChild
      if (document.readyState !== 'interactive' || !(text instanceof Text)) return
      try {
        text.data = JSON.stringify({ ...(JSON.parse(text.data) as object), control: 0 })
      } catch {
        // The loader does not read it either.
      }
    })
  }, pageConfigElementId)
}

/**
 * Waits until PeerPress's worker is active on a page where it should be: its loader has run, the policy needs no consent of
 * the reader, and no other worker has the site.
 */
export async function checkWorker(page: Page, timeout: number): Promise<WorkerState> {
  // What the page returns is the page's claim. It can only harm its own outcome.
  const state: unknown = await page.evaluate(async (within) => {
    const { peerpress } = window as {
      peerpress?: {
        config?: {
          mode?: string
          consent?: string
          consentCategory?: string
          post?: unknown
          worker?: string
        }
      }
    }
    const config = peerpress?.config
    const mayStart =
      config !== undefined &&
      config.mode !== 'off' &&
      config.post !== null &&
      config.consent !== 'required' &&
      config.consentCategory === undefined
    if (!mayStart || !isSecureContext || !('serviceWorker' in navigator)) return 'absent'
    const own = new URL(config.worker ?? '', location.href).href
    const end = performance.now() + within
    while (performance.now() < end) {
      const workers = (await navigator.serviceWorker.getRegistrations()).map(
        ({ active }) => active?.scriptURL,
      )
      if (workers.includes(own)) return 'active'
      if (workers.some((url) => url !== undefined && url !== own)) return 'absent'
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return 'late'
  }, timeout)
  return state === 'active' || state === 'late' ? state : 'absent'
}
