import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { createWatchRole } from '@peerpress/watch'
import { type SmtpReceiver, startSmtpReceiver } from '@peerpress/watch/smtp-receiver'
import axe from 'axe-core'
import type { Browser, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 180_000 }

suite('the page of alerts', limits, () => {
  let server: ReportServer
  let browser: Browser
  let receiver: SmtpReceiver
  let site: string
  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    receiver = await startSmtpReceiver()
    const input = { url: 'https://garden.example/', consent: 'assumed', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    const { probeOutcomes, incidents } = server.registry
    for (let ago = 600; ago > 0; ago--) {
      const ok = ago % 200 !== 0
      await probeOutcomes.record({
        site,
        kind: 'http',
        url: input.url,
        at: new Date(Date.now() - ago * 60_000),
        ok,
        failure: ok ? null : { code: 'timeout', message: 'it did not answer in 10 s.' },
        durationMs: 80,
        timings: {},
      })
    }
    const since = new Date(Date.now() - 1_800_000)
    await incidents.apply(site, [
      { type: 'open', symptom: 'lcp', severity: 'warning', summary: '300 of 400 views were slow.', since },
      { type: 'open', symptom: 'origin-down', severity: 'page', summary: 'The site does not answer.', since },
    ])
    const lcp = (await incidents.open(site)).find(({ symptom }) => symptom === 'lcp')
    await incidents.apply(site, [{ type: 'resolve', id: lcp?.id ?? '', reason: 'Views are fast again.' }])
  }, limits)
  after(async () => {
    await browser?.close()
    await receiver?.close()
    await server?.close()
  })
  const open = async () => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(`${server.url}/sites/${site}/alerts`)
    await opened.page.waitForSelector('.budget-bar')
    return opened
  }

  test('an open incident is acknowledged, and a resolved one is in the history', async () => {
    const { page, complaints } = await open()
    const sections = await page.$$eval('section.panel', (all) => all.map((each) => each.textContent))
    assert.match(sections[0] ?? '', /Open incidents.*Act now The site does not answer/)
    assert.match(sections.at(-1) ?? '', /History.*Warning Too many slow views.*300 of 400 views were slow/)
    assert.doesNotMatch(sections[0] ?? '', /slow views/)
    await page.locator('::-p-text(Acknowledge)').click()
    await untilShown(page, 'The operator deals with it')
    assert.equal(await page.$('::-p-aria([name="Acknowledge: The site does not answer"])'), null)
    await page.locator('summary').click()
    await untilShown(page, 'Acknowledged')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a viewer sees why it acknowledges nothing', async () => {
    const { incidents, sites } = server.registry
    const url = 'https://viewed.example/'
    const viewed = (await sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
    const summary = 'The site does not answer.'
    await incidents.apply(viewed, [
      { type: 'open', symptom: 'origin-down', severity: 'page', summary, since: new Date() },
    ])
    const email = 'viewer@viewed.example'
    const password = 'correct horse battery'
    const { welcoming } = server.accounts
    const token = await welcoming.issue({ kind: 'member', email, site: viewed, role: 'viewer' }, 'operator')
    await welcoming.accept({ token, email, name: 'Vic', password }, { network: 'network', browser: null })
    const context = await browser.createBrowserContext()
    const { page, complaints } = await openPage(context)
    await page.goto(`${server.url}/sign-in`)
    await page.locator('input[name=email]').fill(email)
    await page.locator('input[name=password]').fill(password)
    await page.locator('button[type=submit]').click()
    await page.waitForSelector('.signed-in')
    await page.goto(`${server.url}/sites/${viewed}/alerts`)
    const button = await page.waitForSelector('::-p-aria([name="Acknowledge: The site does not answer"])')
    const state = await button?.evaluate((element) => [
      (element as HTMLButtonElement).disabled,
      document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent,
    ])
    assert.deepEqual(state, [
      true,
      'Editors and owners of the site acknowledge incidents. Ask an owner for the role of an editor.',
    ])
    // The lists of the settings have no numbers. This one is a history.
    await page.locator('summary').click()
    assert.equal(await page.$eval('.history', (list) => getComputedStyle(list).listStyleType), 'decimal')
    assert.deepEqual(await complaints(), [])
    await context.close()
  })

  test('an objective shows what is left of its budget, and is set or refused with the reason', async () => {
    const { page, complaints } = await open()
    const form = '::-p-xpath(//form[.//h2="Availability"])'
    const text = await page.$eval(form, (each) => each.textContent)
    // 3 of 600 probes failed, and 3 may.
    assert.match(text, /[^\d.]0% of the error budget is left.*3 of 600 probes failed/)
    await page.locator(`${form} >>> input`).fill('99')
    await page.locator(`${form} >>> button`).click()
    await untilShown(page, '50.0% of the error budget is left')
    assert.deepEqual(
      (await server.registry.objectives.of(site)).map(({ kind, target }) => [kind, target]),
      [['availability', 0.99]],
    )
    assert.deepEqual(await complaints(), [])
    await page.locator(`${form} >>> input`).fill('100')
    await page.locator(`${form} >>> button`).click()
    await untilShown(page, 'leaves no error budget')
    await page.close()
  })

  test('a test message arrives, and the page says so', async (t) => {
    const role = createWatchRole({
      registry: server.registry,
      store: server.store,
      mail: { url: receiver.url, from: 'alerts@peerpress.example' },
      publicUrl: () => server.url,
      report: (problem) => t.diagnostic(problem),
    })
    await role.start()
    t.after(() => role.stop(1000))
    const { page, complaints } = await open()
    const add = async (kind: string, target: string) => {
      await page.select('select[name=kind]', kind)
      await page.locator('input[name=target]').fill(target)
      await page.locator('::-p-xpath(//form[@aria-label="Add a channel"]//button)').click()
    }
    await add('EMAIL', 'owner@garden.example')
    await page.locator('::-p-aria([name="Send a test message to owner@garden.example"])').click()
    await receiver.until(1)
    await untilShown(page, 'The test message was sent')
    assert.equal(receiver.received[0]?.to, 'owner@garden.example')
    await page.locator('::-p-aria([name="Send the weekly digest to owner@garden.example"])').click()
    await untilShown(page, 'Gets the weekly digest.')
    assert.deepEqual((await server.registry.channels.of(site)).map(({ hasDigest }) => hasDigest), [true])
    await add('WEBHOOK', 'https://hooks.example/peerpress')
    await untilShown(page, 'whsec_')
    assert.deepEqual(await complaints(), [])
    await add('WEBHOOK', 'https://127.0.0.1/')
    await untilShown(page, 'The webhook is on a private address')
    await page.locator('::-p-aria([name="Remove https://hooks.example/peerpress"])').click()
    await page.waitForFunction(() => document.querySelectorAll('.channel').length === 1)
    await page.close()
  })

  test('it fits every width and breaks no rule of accessibility in either theme', async () => {
    for (const theme of ['light', 'dark']) {
      const { page } = await openPage(browser, operatorToken)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      await page.goto(`${server.url}/sites/${site}/alerts`)
      await page.waitForSelector('.budget-bar')
      await page.waitForSelector('.channel')
      for (const width of [1440, 768, 360]) {
        await page.setViewport({ width, height: 800 })
        await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
      }
      assert.deepEqual(await brokenRules(page), [], theme)
      await page.close()
    }
  })
})

/** Waits until the page shows a text. Selectors of text do not see a text that changes in its place. */
async function untilShown(page: Page, text: string): Promise<void> {
  await page.waitForFunction((shown) => (document.body.textContent ?? "").includes(shown), {}, text)
}

/** Returns the rules of WCAG 2.2 A and AA that the page breaks, as axe finds them. */
async function brokenRules(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: typeof axe }).axe
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { violations } = await run({ runOnly })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}
