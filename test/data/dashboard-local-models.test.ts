import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import {
  startNpmRegistry,
  tinyGguf,
  unreachableRegistry,
  withNpmRegistry,
} from '@peerpress/editorial/local-models/testing'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { check, press, typeInto, untilShown } from '../support/browser/keyboard.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 180_000 }
const password = 'correct horse battery'
const panel = 'section::-p-aria(Models on this server)'

/** What is refused on purpose is in the console as well. */
const isUnexpected = (complaint: string) => !/status of 40[013]/.test(complaint)

// npm, Chromium and the graph are real. The registry and the server of the file are on loopback.
suite('local models in the dashboard', limits, () => {
  const file = tinyGguf(() => 0.5)
  const sha256 = createHash('sha256').update(file).digest('hex')
  let server: ReportServer
  let browser: Browser
  let site: string
  let files: Server
  let answer: RequestListener

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'required', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    files = createServer((request, response) => answer(request, response))
    files.listen(0, '127.0.0.1')
    await once(files, 'listening')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
    files?.closeAllConnections()
    files?.close()
  })

  const open = async () => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(`${server.url}/sites/${site}/write`)
    await opened.page.waitForSelector('form[aria-label="Fetch a model"]')
    return opened
  }
  const fileUrl = () => `http://127.0.0.1:${(files.address() as AddressInfo).port}/tiny.gguf`
  const isChosen = async () => (await server.registry.models.get(site))?.kind === 'local'

  test('an owner of the site, who is no administrator, sees none of it', async () => {
    const email = 'owner@garden.example'
    const token = await server.accounts.welcoming.issue({ kind: 'member', email, site, role: 'owner' }, 'operator')
    await server.accounts.welcoming.accept(
      { token, email, name: 'Olga', password },
      { network: '192.0.2.0/24', browser: null },
    )
    const context = await browser.createBrowserContext()
    const { page, complaints } = await openPage(context)
    await page.goto(`${server.url}/sites/${site}/write`)
    await page.locator('input[name=email]').fill(email)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('a.signed-in')
    await page.goto(`${server.url}/sites/${site}/write`)
    await page.waitForSelector('::-p-text(Save the model)', { visible: true })
    assert.equal(await page.$('::-p-text(Models on this server)'), null)
    assert.equal(await page.$('input[name=private]'), null)
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await context.close()
  })

  test('an installation shows that it runs; without a network it says so, and can be begun again', async () => {
    const { page, complaints } = await open()
    await withNpmRegistry(unreachableRegistry, async () => {
      await press(page, 'Install the runtime')
      await page.waitForSelector('[role=alert] ::-p-text(npm registry cannot be reached)', { visible: true })
    })
    await page.waitForSelector('button:not([disabled])::-p-text(Install the runtime)', { visible: true })
    await look(page)
    const packages = Promise.withResolvers<void>()
    const registry = await startNpmRegistry({ until: packages.promise })
    await withNpmRegistry(registry.url, async () => {
      await press(page, 'Install the runtime')
      await untilShown(page, 'It is being installed from the npm registry.')
      await page.waitForSelector('button[disabled]::-p-text(Install the runtime)', { visible: true })
      assert.equal(await page.$('[role=alert]'), null)
      packages.resolve()
      await untilShown(page, 'The runtime is installed.')
    })
    await registry.close()
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await page.close()
  })

  test('a file is fetched with its progress, chosen and removed, by the keyboard alone', async () => {
    const { page, complaints } = await open()
    await untilShown(page, 'There is no file yet')
    const request = async (hash: string) => {
      await typeInto(page, 'URL of a GGUF file', fileUrl())
      await typeInto(page, 'SHA-256', hash)
    }
    await request('abc')
    await page.keyboard.press('Enter')
    await page.waitForSelector('form[aria-label="Fetch a model"] [role=alert]')
    await untilShown(page, 'The URL begins with https:// and has a public address, unless you allow others.')
    await check(page, 'Also a private address, and without TLS')
    await press(page, 'Fetch')
    await untilShown(page, 'A SHA-256 has 64 hexadecimal digits.')

    const rest = Promise.withResolvers<void>()
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': file.length })
      response.write(file.subarray(0, 100_000))
      rest.promise.then(
        () => response.end(file.subarray(100_000)),
        () => undefined,
      )
    }
    await request(sha256)
    await press(page, 'Fetch')
    await page.waitForSelector('progress[aria-label="Progress of tiny.gguf"]')
    await page.waitForFunction(() => document.querySelector('progress')?.value === 100_000)
    assert.equal(await page.$eval('progress', ({ max }) => max), file.length)
    await untilShown(page, '97.7 KiB of')
    await look(page)
    rest.resolve()
    await page.waitForSelector('button::-p-text(Write drafts with tiny.gguf)', { visible: true })
    await press(page, 'Write drafts with tiny.gguf')
    await untilShown(page, 'writes this site’s drafts')
    assert.ok(await isChosen())
    await untilShown(page, 'tiny.gguf on this server')
    await look(page)

    page.once('dialog', (dialog) => {
      assert.match(dialog.message(), /Remove tiny\.gguf from this server\? Drafts of sites that use it fail/)
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await press(page, 'Remove tiny.gguf')
    await untilShown(page, 'There is no file yet')
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await page.close()
  })

  test('a file that is another one is removed, and the list says so', async () => {
    const { page } = await open()
    answer = (_request, response) => response.end(file)
    await typeInto(page, 'URL of a GGUF file', fileUrl())
    await typeInto(page, 'SHA-256', '0'.repeat(64))
    await check(page, 'Also a private address, and without TLS')
    await press(page, 'Fetch')
    await untilShown(page, 'The file is not the one with this SHA-256, and was removed.')
    await untilShown(page, 'stopped after 0 B')
    await look(page)
    await page.close()
  })

  /** Looks at the panel as it is: in both themes by its rules, and at three widths. */
  async function look(page: Page): Promise<void> {
    await page.waitForSelector(panel)
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      assert.deepEqual(await brokenRules(page), [])
    }
    for (const width of [360, 768, 1440]) {
      await page.setViewport({ width, height: 800 })
      await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    }
  }
})
