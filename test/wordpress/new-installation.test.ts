import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { releasedPlugin } from '@peerpress/cli'
import { canonicalUrl, postIdOf } from '@peerpress/connectors'
import { launchChromium, startWordPress, type WordPress } from '@peerpress/testbed'
import { headerOf, type SmtpReceiver, startSmtpReceiver } from '@peerpress/watch/smtp-receiver'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import type { Browser, Page } from 'puppeteer-core'
import { buildEleventySite } from '../support/eleventy-site.ts'
import { eventually } from '../support/eventually.ts'
import { openLocalName } from '../support/local-names.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { seedLaggingRegion } from '../support/server/seed-lagging-region.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { type StaticHost, startStaticHost } from '../support/server/static-host.ts'

const limits = { timeout: 900_000 }
const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }
/** Three probes in a row must fail, and two succeed; one runs each minute. */
const probeTime = 6 * 60_000

// From the first start to the first alert: the tests run in order, and each continues where the one before ended.
suite('a new installation', limits, () => {
  let smtp: SmtpReceiver
  let server: ServerProcess
  /** The server at a name of this machine, which Chromium takes for secure. */
  let own: string
  let wordpress: WordPress
  let browser: Browser
  let page: Page
  let deployed: string
  let host: StaticHost
  let garden: string
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    await openLocalName('site.localhost')
    smtp = await startSmtpReceiver()
    closers.push(() => smtp.close())
    server = await startServerProcess({
      PEERPRESS_SMTP_URL: smtp.url,
      PEERPRESS_MAIL_FROM: 'peerpress@example.org',
    })
    closers.push(() => server.close())
    own = server.url.replace('127.0.0.1', 'localhost')
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    closers.push(() => wordpress.stop())
    browser = await launchChromium()
    closers.push(() => browser.close())
    page = await browser.newPage()
  }, limits)
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  /** Queries the graph from the dashboard, with the session of the browser. */
  async function ask<T>(query: string, variables: object = {}): Promise<T> {
    const answer = await page.evaluate(async (body) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/graphql', { method: 'POST', headers, body })).json() as Promise<unknown>
    }, JSON.stringify({ query, variables }))
    const { data, errors } = answer as { data: T; errors?: unknown }
    assert.equal(errors, undefined, JSON.stringify(errors))
    return data
  }

  test('prints a link that creates the first administrator, once', async () => {
    const link = server.printed().flatMap((line) => /http:\/\/localhost:\d+\/welcome#\S+/.exec(line) ?? [])[0]
    assert.ok(link, server.printed().join('\n'))
    await page.goto(link)
    await page.waitForSelector('input[name=password]')
    for (const [name, value] of Object.entries(ada)) await page.type(`input[name=${name}]`, value)
    await page.click('button[type=submit]')
    await page.waitForFunction(() => location.pathname === '/')
    const { principal } = (await page.evaluate(async () => (await fetch('/account')).json())) as {
      readonly principal: { readonly kind: string; readonly email: string }
    }
    assert.deepEqual([principal.kind, principal.email], ['administrator', ada.email])
    const again = await fetch(`${server.url}/account/first`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ada, email: 'eve@example.org', token: link.split('#')[1] }),
    })
    assert.equal(((await again.json()) as { code: string }).code, 'bad-link')
  })

  test('connects WordPress through the account that is signed in', async () => {
    const { cookies } = await wordpress.signIn()
    const tab = await browser.newPage()
    for (const [name, value] of Object.entries(cookies))
      await browser.setCookie({ name, value, domain: new URL(wordpress.url).hostname, path: '/' })
    await tab.goto(`${wordpress.url}/wp-admin/options-general.php?page=peerpress`)
    await tab.locator('input[name=server]').fill(own)
    await tab.click('input[name=consent][value=assumed]')
    await Promise.all([tab.waitForNavigation(), tab.click('#submit')])
    assert.equal(new URL(tab.url()).origin, own)
    assert.match(await tab.content(), /You are signed in as <strong>Ada<\/strong>/)
    await tab.click('input[name=private]')
    await Promise.all([tab.waitForNavigation(), tab.click('button')])
    assert.equal(new URL(tab.url()).origin, wordpress.url)
    await tab.close()
    // A page behind another one draws nothing, so nothing on it can be clicked.
    await page.bringToFront()
    await page.goto(`${own}/`)
    await page.waitForSelector(`::-p-text(${new URL(wordpress.url).host})`, { visible: true })
  })

  test('publishes an Eleventy site that joins by its feed', async () => {
    const root = await mkdtemp(join(tmpdir(), 'peerpress-installation-'))
    closers.push(() => rm(root, { recursive: true, force: true }))
    const built = join(root, 'built')
    deployed = join(root, 'deployed')
    host = await startStaticHost(deployed, 'site.localhost')
    closers.push(() => host.close())
    await buildEleventySite(built, host.url)
    garden = (await addSite(server, host.url)).siteId
    const where = ['--server', server.url, '--data', server.dataDirectory, '--json']
    const written = await peerpress('publish', garden, built, ...where)
    assert.equal(written.code, 0, written.stderr)
    await cp(built, deployed, { recursive: true })
    const joined = await peerpress('connector', 'add', garden, 'feed', `${host.url}feed.xml`, ...where)
    assert.equal(joined.code, 0, joined.stderr)
    const post = postIdOf(canonicalUrl(`${host.url}posts/mountains/`) ?? assert.fail())
    const manifest = await eventually('the manifest of a post in the feed', async () => {
      const response = await fetch(`${server.url}/v1/sites/${garden}/posts/${post}/manifest`)
      return response.ok ? decodeManifest(decodeEnvelope(await response.text()).payload) : undefined
    })
    assert.equal(manifest.assets.length, 4)
    await page.goto(`${own}/sites/${garden}/connectors`)
    await page.waitForSelector('::-p-text(feed.xml)', { visible: true })
  })

  test('finds the region that lags, with its reason, on the dashboard and by one query', async () => {
    await seedLaggingRegion(server, garden)
    const query = `query($site: String!) { site(siteId: $site) {
      findings(first: 1) { edges { node { country sentence reasons { sentence } } } }
      regions { regions(lagging: true) { country lags reasons { sentence } } } } }`
    interface Answer {
      readonly site: {
        readonly findings: { readonly edges: readonly { readonly node: Found }[] }
        readonly regions: { readonly regions: readonly Found[] } | null
      }
    }
    interface Found {
      readonly country: string
      readonly reasons: readonly { readonly sentence: string }[]
    }
    await page.goto(`${own}/sites/${garden}`)
    const { findings, regions } = await eventually(
      'the analysis',
      async () => {
        const { site } = await ask<Answer>(query, { site: garden })
        return site.regions !== null && site.findings.edges.length > 0 ? site : undefined
      },
      120_000,
    )
    const lagging = regions?.regions ?? []
    assert.deepEqual(
      lagging.map(({ country }) => country),
      ['FR'],
    )
    for (const { country, reasons } of [lagging[0], findings.edges[0]?.node].map(
      (one) => one ?? assert.fail(),
    )) {
      assert.equal(country, 'FR')
      assert.match(reasons[0]?.sentence ?? '', /Pages load slower there than elsewhere/)
    }
    await page.goto(`${own}/sites/${garden}/findings`)
    await page.waitForSelector('.finding ::-p-text(Search visits from France fell)', { visible: true })
    await page.goto(`${own}/sites/${garden}/regions`)
    const table = await page.waitForSelector('::-p-aria([name="Regions that lag in search"][role="table"])')
    await table?.waitForSelector('tbody ::-p-text(France)', { visible: true })
  })

  test('pages once when an origin stops, and once more when it is back', async () => {
    await page.goto(`${own}/sites/${garden}/alerts`)
    await page.waitForSelector('form[aria-label="Add a channel"] input[name=target]')
    await page.select('form[aria-label="Add a channel"] select[name=kind]', 'EMAIL')
    await page.type('form[aria-label="Add a channel"] input[name=target]', ada.email)
    await page.click('form[aria-label="Add a channel"] [type=submit]')
    await page.waitForSelector(`li ::-p-text(${ada.email})`, { visible: true })

    const { port } = new URL(host.url)
    await host.close()
    closers.splice(closers.length - 1, 1)
    await within(probeTime, smtp.until(1))
    host = await startStaticHost(deployed, 'site.localhost', Number(port))
    closers.push(() => host.close())
    await within(probeTime, smtp.until(2))

    assert.deepEqual(
      smtp.received.map(({ to }) => to),
      [ada.email, ada.email],
    )
    const subjects = smtp.received.map((mail) => headerOf(mail, 'subject') ?? '')
    const { host: name } = new URL(host.url)
    assert.deepEqual(subjects, [`Alert: ${name}`, `Resolved: ${name}`])
    assert.match(smtp.received[0]?.raw ?? '', /The site does not answer/)
    const { site } = await ask<{
      site: { incidents: { edges: { node: { symptom: string; resolvedAt: string | null } }[] } }
    }>(
      'query($site: String!) { site(siteId: $site) { incidents(first: 10) { edges { node { symptom resolvedAt } } } } }',
      { site: garden },
    )
    assert.deepEqual(
      site.incidents.edges.map(({ node }) => node.symptom),
      ['ORIGIN_DOWN'],
    )
    assert.ok(site.incidents.edges[0]?.node.resolvedAt)
    await page.reload()
    await page.waitForSelector('::-p-text(does not answer)', { visible: true })
  })
})

/** @throws if the work takes longer than `ms` */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = AbortSignal.timeout(ms)
  await new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error(`it did not happen within ${ms} ms`)))
    work.then(() => resolve(), reject)
  })
}
