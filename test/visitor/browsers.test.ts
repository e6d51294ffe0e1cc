import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import puppeteer, { type Browser } from 'puppeteer-core'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { openSiteReader } from '../support/browser/small-site-reader.ts'
import { usingWebKit } from '../support/browser/webkit.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const pictures: readonly Media[] = Array.from({ length: 6 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
/** Several screens apart, so that the later ones are asked for when the worker is there. */
const watch =
  '<script>errors = []; onerror = (error) => errors.push(error); onunhandledrejection = (e) => errors.push(String(e.reason))</script>'
const body =
  watch +
  pictures
    .map(({ name }) => `<img loading="lazy" width="320" height="320" src="/media/${name}">`)
    .join('<div style="height: 3000px"></div>')

describe('browsers of other makers', { timeout: 240_000 }, () => {
  let site: SmallSite
  let chromium: Browser
  before(async () => {
    await ensureVisitorBundles()
    chromium = await launchChromium()
    site = await startSmallSite(pictures, body)
    // Firefox reports a script that is missing as an exception of the page.
    site.config = {
      scripts: { rum: new URL('/rum.js', site.url).href, swarm: `${site.serverUrl}/v1/swarm.js` },
    }
    site.intercept = ({ url }, response) => {
      if (url !== '/rum.js') return false
      response.setHeader('Content-Type', 'text/javascript')
      response.end('')
      return true
    }
  })
  after(async () => {
    await chromium.close()
    await site.close()
  })

  test('Firefox gets a complete page, pictures of it from a Chromium', async () => {
    const holder = await openSiteReader(chromium)
    await holder.open(site.url)
    await holder.scroll()
    await usingFirefox(async (firefox) => {
      const reader = await openSiteReader(firefox)
      await reader.open(site.url, 2)
      await reader.scroll()
      const widths = await reader.page.evaluate(() =>
        Array.from(document.images, (image) => image.naturalWidth),
      )
      assert.deepEqual(
        widths,
        pictures.map(() => 320),
      )
      const { bytes, wrongBytes, assets } = await reader.delivery()
      assert.ok(bytes.peer > 0, JSON.stringify(bytes))
      assert.equal(wrongBytes, 0)
      assert.deepEqual(assets, { complete: pictures.length, failed: 0 })
      assert.deepEqual(reader.errors, [])
    })
  })

  test('WebKit gets a complete page, without peers where it has no WebRTC', async () => {
    await usingWebKit(async (page) => {
      await page.goto(site.url)
      for (let index = 0; index < pictures.length; index++) {
        const shown = await page.evaluate(`
          const picture = document.images[${index}]
          picture.scrollIntoView({ block: 'center' })
          return picture.decode().then(() => picture.naturalWidth)`)
        assert.equal(shown, 320)
      }
      const [hasPeers, errors] = (await page.evaluate(
        'return [typeof RTCPeerConnection === "function", errors]',
      )) as [boolean, string[]]
      assert.equal(hasPeers, false)
      assert.deepEqual(errors, [])
    })
  })
})

async function usingFirefox(use: (firefox: Browser) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'peerpress-firefox-'))
  try {
    const firefox = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
      headless: true,
      userDataDir: profile,
      extraPrefsFirefox: {
        // Peers on one machine find each other only by plain addresses: mDNS names need a multicast network.
        'media.peerconnection.ice.obfuscate_host_addresses': false,
        'media.peerconnection.ice.loopback': true,
      },
    })
    try {
      await use(firefox)
    } finally {
      await firefox.close()
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
