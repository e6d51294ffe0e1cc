import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const film: Media = { name: 'film.bin', type: 'application/octet-stream', bytes: noisePng('film', 2400) }
const filmPath = `/media/${film.name}`
const filmChunks = Math.ceil(film.bytes.length / (64 * 1024))
const body = '<h1 style="font: 40px sans-serif">A post</h1><p style="height: 3000px">Its text.</p>'

declare global {
  interface Window {
    /** Connections that the page ever made. */
    connections?: RTCPeerConnection[]
    /** CSP violations: the directive of each. */
    violations?: string[]
    /** Called for every frame that the page receives. */
    onFrame?: () => void
    /** Changes what the browser tells of the reader's device. */
    becomes?: (what: 'connection' | 'battery', state: object) => void
    wp_consent_type?: string
    wp_has_consent?: (category: string) => boolean
    wp_set_consent?: (category: string, value: string) => void
  }
}

describe('a reader’s consent', { timeout: 600_000 }, () => {
  let site: SmallSite
  let readers: SiteReader[]
  let browsers: readonly Browser[]

  before(async () => {
    await ensureVisitorBundles()
    browsers = await Promise.all([launchChromium(), launchChromium()])
  })
  after(() => Promise.all(browsers.map((browser) => browser.close())))
  beforeEach(async () => {
    readers = []
    site = await startSmallSite([film], body)
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await site.close()
  })

  async function newReader(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser, async (page) => {
      await page.evaluateOnNewDocument(watch)
      await prepare?.(page)
    })
    readers.push(reader)
    return reader
  }

  async function newHolder(): Promise<SiteReader> {
    const holder = await newReader()
    await holder.open(site.url)
    // What is fetched before the worker knows the page passes it by.
    await eventually('the film in the swarm', async () => {
      await holder.fetch(filmPath)
      return (await holder.delivery()).bytes.origin >= film.bytes.length ? true : undefined
    })
    return holder
  }

  test('withdrawn in the middle of a transfer ends it at once, and the download is completed by the origin', async () => {
    const holder = await newHolder()
    site.sent.clear()
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    await reader.page.evaluate(() => {
      let frames = 0
      window.onFrame = () => {
        if (++frames === 40) window.peerpress?.consent(false)
      }
    })
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal(await openConnections(reader), 0)
    await holder.page.waitForFunction(() =>
      window.connections?.every(({ connectionState }) => connectionState === 'closed'),
    )
    const { peer } = (await reader.delivery()).bytes
    assert.ok(peer > 0 && peer < film.bytes.length, `${peer} bytes from the peer`)
    assert.ok((site.sent.get(filmPath) ?? 0) > 0)
    assert.equal((await holder.delivery()).assets.failed, 0)
    // What was stored is gone, but for the refusal.
    await reader.page.waitForFunction(
      async () =>
        (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).length === 0,
    )
    assert.deepEqual(await reader.page.evaluate(() => Object.keys(localStorage)), ['peerpress:objection'])
    await assertNoPart(reader)
    assert.deepEqual(reader.errors, [])
  })

  test('withdrawn in one tab holds in the others at once', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    const other = await reader.page.browserContext().newPage()
    site.config = { mode: 'off' }
    await other.goto(site.url)
    await other.evaluate(() => window.peerpress?.consent(false))
    await reader.page.waitForFunction(() =>
      window.connections?.every(({ connectionState }) => connectionState === 'closed'),
    )
  })

  test('given again after a refusal, it connects again', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    await reader.page.evaluate(() => window.peerpress?.consent(false))
    await assertNoPart(reader)
    await reader.page.evaluate(() => {
      window.announcedChunks = 0
      window.peerpress?.consent(true)
    })
    await reader.page.waitForFunction((count) => (window.announcedChunks ?? 0) >= count, {}, filmChunks)
  })

  test('under a notice begins when the notice is on the screen, and is remembered', async () => {
    await newHolder()
    site.config = { consent: 'notice' }
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    await pressInNotice(reader, 'OK')
    assert.equal(await reader.page.evaluate(() => document.querySelector('peerpress-notice')), null)
    site.serverRequests.length = 0
    await reader.open(site.url, filmChunks)
    assert.ok(!site.serverRequests.includes('/v1/notice.js'))
  })

  test('refused in the notice closes every connection, and the notice does not come again', async () => {
    await newHolder()
    site.config = { consent: 'notice' }
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    await pressInNotice(reader, 'No thanks')
    await reader.page.waitForFunction(() =>
      window.connections?.every(({ connectionState }) => connectionState === 'closed'),
    )
    await assertNoPart(reader)
    assert.equal(await reader.page.evaluate(() => document.querySelector('peerpress-notice')), null)
  })

  test('is not there when the notice cannot be shown', async () => {
    site.config = { consent: 'notice', notice: { script: '/nothing-here.js' } }
    const reader = await newReader()
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(() => window.peerpress?.arm === 'assisted')
    await reader.fetch(filmPath)
    assert.equal(await reader.page.evaluate(() => navigator.serviceWorker.getRegistration()), undefined)
    assert.ok(!site.serverRequests.includes('/v1/swarm.js'))
    assert.deepEqual(reader.errors, [])
  })

  test('is asked in the site’s words, by keyboard and screen reader too, in a page with the strictest policy', async () => {
    site.config = {
      consent: 'notice',
      notice: {
        script: `${site.serverUrl}/v1/notice.js`,
        label: 'Auslieferung',
        text: 'Leser helfen <b>einander</b>.',
        accept: 'Gut',
        refuse: 'Nein danke',
        more: { url: 'javascript:alert(1)', text: 'Mehr' },
      },
    }
    site.body = '<h1>A post</h1>'
    site.intercept = ({ url }, response) => {
      if (url !== '/post/') return false
      response.setHeader(
        'Content-Security-Policy',
        `default-src 'none'; script-src ${site.serverUrl}; connect-src *; worker-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types peerpress`,
      )
      return false
    }
    const reader = await newReader()
    await reader.open(site.url)
    const section = await noticeOf(reader)
    const snapshot = await reader.page.accessibility.snapshot({ root: section })
    assert.equal(snapshot?.role, 'region')
    assert.equal(snapshot.name, 'Auslieferung')
    const focused = (): Promise<string | undefined> =>
      reader.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? undefined)
    // It takes no focus, and is the first that Tab reaches.
    assert.equal(await focused(), undefined)
    await reader.page.keyboard.press('Tab')
    assert.equal(await focused(), 'Nein danke')
    await reader.page.keyboard.press('Tab')
    assert.equal(await focused(), 'Gut')
    const said = await section.evaluate((element) => ({
      text: element.querySelector('[role=status]')?.textContent,
      links: element.querySelectorAll('a').length,
      position: getComputedStyle((element.getRootNode() as ShadowRoot).host).position,
    }))
    assert.deepEqual(said, { text: 'Leser helfen <b>einander</b>.', links: 0, position: 'fixed' })
    const shift = await reader.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().length)).observe({
            type: 'layout-shift',
            buffered: true,
          })
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)))
        }),
    )
    assert.equal(shift, 0)
    await reader.page.keyboard.press('Escape')
    await reader.page.waitForFunction(() => localStorage.getItem('peerpress:objection'))
    assert.deepEqual(await reader.page.evaluate(() => window.violations), [])
    assert.deepEqual(reader.errors, [])
  })

  test('follows the site’s consent manager, live', async () => {
    await newHolder()
    site.config = { consent: 'required', consentCategory: 'marketing' }
    site.body = `${body}<script>(${consentApi.toString()})('optin')</script>`
    const reader = await newReader()
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(() => window.peerpress)
    await reader.page.evaluate(() => window.wp_set_consent?.('statistics', 'allow'))
    assert.equal(await reader.page.evaluate(() => navigator.serviceWorker.getRegistration()), undefined)
    await reader.page.evaluate(() => window.wp_set_consent?.('marketing', 'allow'))
    await reader.page.waitForFunction((count) => (window.announcedChunks ?? 0) >= count, {}, filmChunks)
    // The manager remembers it, for the next page too.
    await reader.open(site.url, filmChunks)
    await reader.page.evaluate(() => window.wp_set_consent?.('marketing', 'deny'))
    await reader.page.waitForFunction(() =>
      window.connections?.every(({ connectionState }) => connectionState === 'closed'),
    )
    await assertNoPart(reader)
  })

  test('is not taken from a manager that asks nobody first', async () => {
    site.config = { consent: 'required', consentCategory: 'marketing' }
    site.body = `${body}<script>(${consentApi.toString()})('optout')</script>`
    await assertNoPart(await newReader())
    site.config = { consent: 'assumed', consentCategory: 'marketing' }
    const reader = await newReader()
    await reader.open(site.url)
    site.body = `${body}<script>(${consentApi.toString()})('optin')</script>`
    // Assumed or not: a manager that asks first has not heard this reader agree.
    await assertNoPart(await newReader())
  })

  for (const [becomes, change] of [
    ['mobile', () => window.becomes?.('connection', { type: 'cellular' })],
    ['one where data are saved', () => window.becomes?.('connection', { saveData: true })],
    [
      'that of a device with a low battery',
      () => window.becomes?.('battery', { level: 0.1, charging: false }),
    ],
  ] as const) {
    test(`is not stretched to a network that becomes ${becomes}`, async () => {
      await newHolder()
      const reader = await newReader((page) => page.evaluateOnNewDocument(changeable))
      await reader.open(site.url, filmChunks)
      await reader.page.evaluate(change)
      await reader.page.waitForFunction(() =>
        window.connections?.every(({ connectionState }) => connectionState === 'closed'),
      )
      site.sent.clear()
      assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
      assert.equal(site.sent.get(filmPath), film.bytes.length)
    })
  }

  test('is not taken from HTML of before the owner switched off: it makes no peer connection', async () => {
    await newHolder()
    const kept = await (await fetch(site.url)).text()
    site.policy = { mode: 'off', consent: 'assumed' }
    await site.tracker.enforcePolicies()
    const reader = await newReader()
    site.intercept = ({ url }, response) => {
      if (url !== '/post/') return false
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      // As a page cache has it, three days later.
      response.setHeader('Age', String(3 * 24 * 60 * 60))
      response.end(kept)
      return true
    }
    site.serverRequests.length = 0
    const { connected } = site.tracker.counts()
    const refused = reader.page.waitForResponse((response) => response.url().includes('/v1/ticket?'))
    await reader.open(site.url)
    const refusal = await refused
    assert.equal(refusal.status(), 403)
    assert.match(refusal.url(), /mode=full&consent=assumed/)
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal(await reader.page.evaluate(() => window.connections?.length), 0)
    assert.equal(site.tracker.counts().connected, connected)
    assert.equal(site.serverRequests.filter((path) => path === '/v1/ticket').length, 1)
    assert.deepEqual(reader.errors, [])
  })

  test('is not assumed any more once the owner asks first: readers lose their peers, and do not come back', async () => {
    const holder = await newHolder()
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    site.policy = { mode: 'full', consent: 'required' }
    await site.tracker.enforcePolicies()
    for (const { page } of [holder, reader])
      await page.waitForFunction(() =>
        window.connections?.every(({ connectionState }) => connectionState === 'closed'),
      )
    assert.equal(site.tracker.counts()['policy-changed'], 2)
    site.sent.clear()
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal((await reader.delivery()).bytes.peer, 0)
    // A page of today has peers, and shows the same post as one that is open and had to leave.
    site.config = { consent: 'required' }
    for (const { page } of [holder, reader]) {
      const today = await page.browserContext().newPage()
      await today.goto(site.url)
      await today.waitForFunction(() => window.peerpress)
      await today.evaluate(() => window.peerpress?.consent(true))
    }
    // A tab in the background waits for no function: it draws no frames.
    await eventually('a connection under the policy of today', async () =>
      (await openConnections(reader)) === 1 ? true : undefined,
    )
  })

  test('ends for readers who have given the tracker up, too, once the owner asks first', async () => {
    const holder = await newHolder()
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    for (const { page } of [holder, reader]) await page.evaluate(shortenPauses)
    await site.tracker.close()
    // Every attempt takes a ticket; after the last of them nobody tells the page anything any more.
    await eventually('the last attempts', async () => (ticketRequests() > 20 ? true : undefined))
    assert.equal(await openConnections(reader), 1)
    site.policy = { mode: 'full', consent: 'required' }
    for (const { page } of [holder, reader])
      await page.waitForFunction(() =>
        window.connections?.every(({ connectionState }) => connectionState === 'closed'),
      )
  })

  /** The next page loads no peer code. */
  async function assertNoPart(reader: SiteReader): Promise<void> {
    site.serverRequests.length = 0
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(() => window.peerpress)
    await reader.fetch(filmPath)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.arm), 'ineligible')
    assert.ok(!site.serverRequests.includes('/v1/swarm.js'))
    assert.equal(await reader.page.evaluate(() => window.connections?.length), 0)
  }

  function ticketRequests(): number {
    return site.serverRequests.filter((path) => path === '/v1/ticket').length
  }

  function openConnections({ page }: SiteReader): Promise<number | undefined> {
    return page.evaluate(
      () => window.connections?.filter(({ connectionState }) => connectionState !== 'closed').length,
    )
  }

  async function noticeOf({ page }: SiteReader) {
    const section = await page.waitForSelector('peerpress-notice >>> section')
    await page.waitForSelector('peerpress-notice >>> p:not(:empty)')
    assert.ok(section)
    return section
  }

  async function pressInNotice(reader: SiteReader, text: string): Promise<void> {
    await noticeOf(reader)
    await reader.page.locator(`peerpress-notice >>> ::-p-text(${text})`).click()
  }
})

function watch(): void {
  const { RTCPeerConnection: Connection } = window
  window.connections = []
  window.violations = []
  window.RTCPeerConnection = class extends Connection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      window.connections?.push(this)
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options)
      // First byte of a `frame` in `packages/wire/src/peer-message.ts`.
      channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        if (new Uint8Array(data)[0] === 6) window.onFrame?.()
      })
      return channel
    }
  }
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    window.violations?.push(`${violatedDirective} ${blockedURI}`),
  )
}

/** Headless browsers tell of a wired network and of no battery: this lets a test change both. */
function changeable(): void {
  const connection = Object.assign(new EventTarget(), { type: 'wifi', saveData: false })
  const battery = Object.assign(new EventTarget(), { level: 1, charging: false })
  Object.defineProperty(navigator, 'connection', { value: connection })
  Object.defineProperty(navigator, 'getBattery', { value: () => Promise.resolve(battery) })
  window.becomes = (what, state) => {
    const target = Object.assign(what === 'battery' ? battery : connection, state)
    target.dispatchEvent(new Event(what === 'battery' ? 'levelchange' : 'change'))
  }
}

/** As the WP Consent API plugin does it in a page. */
function consentApi(type: string): void {
  window.wp_consent_type = type
  window.wp_has_consent = (category) => {
    const match = new RegExp(`wp_consent_${category}=(\\w+)`).exec(document.cookie)
    return match ? match[1] === 'allow' : type.includes('optout')
  }
  window.wp_set_consent = (category, value) => {
    document.cookie = `wp_consent_${category}=${value};path=/`
    const detail: Record<string, string> = Object.assign([], { [category]: value })
    document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', { detail }))
  }
}

/** Runs in a page: pauses that have a part drawn at random, those before another attempt at the tracker, are short. */
function shortenPauses(): void {
  const begin = setTimeout
  window.setTimeout = ((handler: () => void, ms = 0) =>
    begin(handler, Number.isInteger(ms) ? ms : Math.min(ms, 50))) as typeof setTimeout
}
