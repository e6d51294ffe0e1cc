import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { DraftProgress } from '@peerpress/registry'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'
import { seedBriefs } from '../support/server/seed-briefs.ts'

const limits = { timeout: 180_000 }

/** How far a draft is, as the work on drafts records it. */
function progressOf(given: Partial<DraftProgress>): DraftProgress {
  return { characters: 0, sections: 0, expectedSections: 4, claim: null, gates: 0, ...given }
}

/** What is refused on purpose is in the console as well. */
const isUnexpected = (complaint: string) => !/status of 40[03]/.test(complaint)

// No role works on drafts here, so that a requested one waits until the test changes it.
suite('drafts in the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'required', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    await seedBriefs(server, site)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const open = async () => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(`${server.url}/sites/${site}/write`)
    await opened.page.waitForSelector('#drafts')
    return opened
  }
  const drafts = 'section[aria-labelledby=drafts]'
  const shows = (page: Page, text: string) =>
    page.waitForFunction(
      (selector, expected) => document.querySelector(selector)?.textContent.includes(expected),
      {},
      drafts,
      text,
    )
  const latest = async () => {
    const [draft] = await server.registry.drafts.list(site)
    assert.ok(draft)
    return draft
  }

  test('an owner chooses the model, and its key is not shown again', async () => {
    const { page, complaints } = await open()
    await shows(page, 'A model of your choice')
    await page.type('input[name=baseUrl]', 'https://models.example/v1')
    await page.type('input[name=model]', 'writer-1')
    await page.type('input[name=key]', 'sk-of-the-test')
    await page.type('input[name=inputPrice]', '0.5')
    await page.locator('button ::-p-text(Save the model)').click()
    await page.waitForSelector('form [role=alert] ::-p-text(both prices)', { visible: true })
    await page.type('input[name=outputPrice]', '1.5')
    await page.type('input[name=currency]', 'eur')
    await page.locator('button ::-p-text(Save the model)').click()
    await page.waitForSelector('p ::-p-text(This month it has used 0.00 of 1000000.00 EUR)', { visible: true })
    assert.ok(!(await page.content()).includes('sk-of-the-test'))
    assert.deepEqual((await server.registry.models.get(site))?.prices, {
      input: 500_000,
      output: 1_500_000,
      currency: 'EUR',
    })
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await page.close()
  })

  test('a draft is requested from a brief, shows how far it is, and can be cancelled', async () => {
    const { page } = await open()
    await page.locator('.brief button ::-p-text(Write a draft)').click()
    await shows(page, 'Waits for the model')
    const { id } = await latest()
    await server.registry.drafts.change(id, {
      from: ['queued'],
      to: 'writing',
      progress: progressOf({ characters: 1234, sections: 2 }),
    })
    await shows(page, 'Section 2 of about 4.')
    await shows(page, '1,234 characters so far.')
    await page.locator(`${drafts} button ::-p-text(Cancel)`).click()
    await shows(page, 'Cancelled')
    assert.equal((await latest()).status, 'cancelled')
    await page.locator(`${drafts} button ::-p-text(Write it again)`).click()
    await shows(page, 'Waits for the model')
    const again = await latest()
    assert.deepEqual([again.status, again.language], ['queued', 'en'])
    assert.notEqual(again.id, id)
    await page.close()
  })

  test('the progress of drafts comes as one stream, is readable for everybody, and is loaded without a stream', async () => {
    const [brief] = await server.registry.briefs.list(site)
    assert.ok(brief)
    const request = { site, brief: brief.id, language: 'en', region: null, requestedBy: null }
    const [one, other] = [
      await server.registry.drafts.request(request),
      await server.registry.drafts.request(request),
    ]
    const change = (id: string, given: Partial<DraftProgress>) =>
      server.registry.drafts.change(id, {
        from: ['queued', 'writing'],
        to: 'writing',
        progress: progressOf(given),
      })
    await change(one.id, { sections: 1 })
    const { page, complaints } = await openPage(browser, operatorToken)
    const sent: string[] = []
    page.on('request', (asked) => {
      if (asked.method() === 'POST') sent.push(asked.headers()['accept'] ?? '')
    })
    // Everything that a screen reader is told.
    await page.evaluateOnNewDocument(() => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      new MutationObserver(() => {
        const text = document.querySelector('section[aria-labelledby=drafts] > [role=status]')?.textContent
        if (text != null && text !== '' && heard.at(-1) !== text) heard.push(text)
      }).observe(document, { subtree: true, childList: true, characterData: true })
    })
    await page.goto(`${server.url}/sites/${site}/write`)
    await shows(page, 'Section 1 of about 4.')
    // Twenty changes, each of which the page shows before the next.
    for (let sections = 2; sections <= 21; sections++) {
      const claim = `Moss <b>grows</b> in shade ${sections}.`
      await change(one.id, { sections, claim, expectedSections: 22 })
      await shows(page, `Section ${sections} of about 22.`)
    }
    await shows(page, 'Moss <b>grows</b> in shade 21.')
    await shows(page, 'no gate has checked')
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
    assert.ok(heard.length >= 1 && heard.length <= 10, heard.join(' | '))
    const [bar] = await page.$$eval(`${drafts} progress`, (bars) =>
      bars.map(({ value, max, ariaLabel }) => ({ value, max, ariaLabel })),
    )
    assert.deepEqual(bar, { value: 20, max: 23, ariaLabel: `Progress of “${brief.question}”` })
    const refusals = [{ section: 0, claim: 0, code: 'number', reason: '“7” is not in its evidence.' }] as const
    await server.registry.drafts.change(one.id, {
      from: ['writing'],
      to: 'writing',
      progress: progressOf({ sections: 22, expectedSections: 22, gates: 3 }),
      refusals,
    })
    await shows(page, '3 of 9 gates have checked it.')
    await shows(page, '“7” is not in its evidence.')
    assert.equal(sent.filter((accept) => accept === 'text/event-stream').length, 1)
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      assert.deepEqual(await brokenRules(page), [])
    }
    const width = 360
    await page.setViewport({ width, height: 800 })
    await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    await server.registry.drafts.change(one.id, { from: ['writing'], to: 'refused', refusals })
    await shows(page, 'Refused by the gates')
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await page.close()

    // A server in between that lets no stream through: the list is loaded again and again.
    const polling = await openPage(browser, operatorToken)
    await polling.page.setRequestInterception(true)
    polling.page.on('request', (asked) => {
      const passed = asked.headers()['accept'] === 'text/event-stream' ? asked.abort() : asked.continue()
      passed.catch(() => undefined)
    })
    await polling.page.goto(`${server.url}/sites/${site}/write`)
    await change(other.id, { sections: 3, characters: 77 })
    await shows(polling.page, '3 sections, 77 characters so far.')
    await server.registry.drafts.cancel(other.id)
    await shows(polling.page, 'Cancelled')
    await polling.page.close()
  })

  test('a session that expires while a draft is written costs nothing: after signing in, the draft is there', async () => {
    const [brief] = await server.registry.briefs.list(site)
    const [fact] = await server.registry.evidence.get(site, brief?.facts ?? [])
    assert.ok(brief && fact)
    const email = 'ada@garden.example'
    const ada = { email, password: 'correct horse battery' }
    const token = await server.accounts.welcoming.issue({ kind: 'member', email, site, role: 'editor' }, 'operator')
    const account = await server.accounts.welcoming.accept(
      { token, name: 'Ada', ...ada },
      { network: '192.0.2.0/24', browser: null },
    )
    const context = await browser.createBrowserContext()
    const { page } = await openPage(context)
    const signIn = async () => {
      await page.waitForSelector('input[name=password]')
      for (const [name, value] of Object.entries(ada)) await page.locator(`input[name=${name}]`).fill(value)
      await page.keyboard.press('Enter')
    }
    await page.goto(`${server.url}/sites/${site}/write`)
    await signIn()
    await page.waitForSelector('#drafts')
    await page.locator('.brief button ::-p-text(Write a draft)').click()
    await shows(page, 'Waits for the model')
    const draft = await latest()
    await server.registry.drafts.change(draft.id, { from: ['queued'], to: 'writing' })
    await server.registry.sessions.endAll(account.id, 'operator')
    await page.waitForSelector('input[name=password]')
    const claims = [{ text: 'It costs 380 EUR.', evidence: [fact.id] }]
    const content = {
      title: 'Moss after a session',
      description: 'What it costs.',
      sections: [{ heading: 'Prices', claims }],
    }
    await server.registry.drafts.change(draft.id, { from: ['writing'], to: 'passed', content })
    await signIn()
    await page.waitForSelector('#drafts')
    assert.equal(new URL(page.url()).pathname, `/sites/${site}/write`)
    await shows(page, 'Moss after a session')
    await page.locator(`${drafts} button ::-p-text(Approve for WordPress)`).click()
    await shows(page, 'Approved by Ada.')
    assert.equal((await latest()).approvedBy, 'Ada')
    await context.close()
  })

  test('a refused draft says why, claim by claim, and a passed one waits for a person', async () => {
    const [brief] = await server.registry.briefs.list(site)
    const [fact] = await server.registry.evidence.get(site, brief?.facts ?? [])
    assert.ok(brief && fact)
    const request = { site, brief: brief.id, language: 'en', region: 'FR', requestedBy: null }
    const claims = [
      { text: 'It costs 380 EUR.', evidence: [fact.id] },
      { text: 'It costs 999 EUR.', evidence: [fact.id] },
    ]
    const content = {
      title: 'Moss on slate',
      description: 'What it costs.',
      sections: [{ heading: 'Prices', claims }],
    }
    const reason = '“999 EUR” is not in the evidence that the claim cites.'
    const refused = await server.registry.drafts.request(request)
    const refusals = [{ section: 0, claim: 1, code: 'price', reason }] as const
    await server.registry.drafts.change(refused.id, { from: ['queued'], to: 'refused', content, refusals })
    const { page, complaints } = await open()
    await shows(page, 'Refused by the gates')
    await shows(page, reason)
    await page.locator(`${drafts} summary ::-p-text(claim by claim)`).click()
    await page.waitForSelector(`${drafts} section ul li:nth-child(2) .bad`)
    assert.equal(await page.$(`${drafts} section ul li:nth-child(1) .bad`), null)
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      assert.deepEqual(await brokenRules(page), [])
    }
    for (const width of [1440, 360]) {
      await page.setViewport({ width, height: 800 })
      await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    }

    const passed = await server.registry.drafts.request(request)
    await server.registry.drafts.change(passed.id, { from: ['queued'], to: 'passed', content })
    await shows(page, 'waits for a person')
    await page.locator(`${drafts} button ::-p-text(Approve)`).click()
    // The operator's token is nobody's name.
    await shows(page, 'approved by a signed-in person')
    assert.deepEqual((await complaints()).filter(isUnexpected), [])
    await page.close()
  })
})
