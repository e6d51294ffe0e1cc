import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { EndpointServer } from '@peerpress/editorial/testing'
import { laggingSiteExports } from '@peerpress/insights/testing'
import {
  createReader,
  launchChromium,
  type PublishedPost,
  type ReaderPlace,
  sampleDirectory,
  sampleMedia,
  startWordPress,
  type WordPress,
} from '@peerpress/testbed'
import { headerOf, type SmtpReceiver, startSmtpReceiver } from '@peerpress/watch/smtp-receiver'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { check, choose, chooseFile, press, tabTo, typeInto, untilShown } from '../support/browser/keyboard.ts'
import { eventually } from '../support/eventually.ts'
import { openLocalName } from '../support/local-names.ts'
import {
  draftTitle,
  inventedPrice,
  startDraftingEndpoint,
  workPrices,
} from '../support/server/drafting-endpoint.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { seedLaggingRegion } from '../support/server/seed-lagging-region.ts'
import { seedVoters } from '../support/server/seed-voters.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { installZip } from './install-zip.ts'

const limits = { timeout: 1_800_000 }
const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }
const host = 'scenario-blog.localhost'
/** ms that a page may take on a machine that is busy with other tests. */
const patience = 120_000
/** Three probes in a row must fail, and two succeed; one runs each minute. */
const probeTime = 8 * 60_000
const places: readonly ReaderPlace[] = [
  { country: 'NL', address: '193.0.6.139' },
  { country: 'JP', address: '133.11.0.1' },
  { country: 'US', address: '8.8.8.8' },
  { country: 'GB', address: '131.111.8.42' },
  { country: 'BR', address: '200.160.2.3' },
]

// One WordPress from its plugin's zip to the end of an outage. The tests run in order, and nobody touches a mouse.
suite('everything, with the keyboard alone', limits, () => {
  let smtp: SmtpReceiver
  let server: ServerProcess
  let endpoint: EndpointServer
  let wordpress: WordPress
  let browser: Browser
  let page: Page
  let folder: string
  /** The server at a name of this machine, which Chromium takes for secure. */
  let own: string
  let site: string
  let post: PublishedPost
  let voters: readonly string[]
  /** The post in WordPress that the approved draft became. */
  let draftPost = ''
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    await openLocalName(host)
    folder = await mkdtemp(join(tmpdir(), 'peerpress-scenario-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    smtp = await startSmtpReceiver()
    closers.push(() => smtp.close())
    endpoint = await startDraftingEndpoint()
    closers.push(() => endpoint.close())
    const data = await mkdtemp(join(tmpdir(), 'peerpress-scenario-data-'))
    voters = await seedVoters(data)
    const mail = { PEERPRESS_SMTP_URL: smtp.url, PEERPRESS_MAIL_FROM: 'peerpress@example.org' }
    server = await startServerProcess(mail, data)
    closers.push(() => server.close())
    own = server.url.replace('127.0.0.1', 'localhost')
    wordpress = await startWordPress({ plugin: null, host })
    closers.push(() => wordpress.stop())
    browser = await launchChromium()
    closers.push(() => browser.close())
    page = await browser.newPage()
    page.setDefaultTimeout(patience)
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

  test('a zip becomes a connected site, approved by the first account', async () => {
    const zip = join(folder, 'peerpress.zip')
    assert.equal((await peerpress('plugin', '--out', zip)).code, 0)
    await installZip(wordpress, zip)
    const link = server.printed().flatMap((line) => /http:\/\/localhost:\d+\/welcome#\S+/.exec(line) ?? [])[0]
    await page.goto(link ?? assert.fail(server.printed().join('\n')))
    await page.waitForSelector('input[name=password]')
    await typeInto(page, 'Your name', ada.name)
    await typeInto(page, 'E-mail address', ada.email)
    await typeInto(page, 'Password', ada.password)
    await page.keyboard.press('Enter')
    await untilShown(page, 'ada.localhost')

    const { cookies } = await wordpress.signIn()
    for (const [name, value] of Object.entries(cookies)) {
      await browser.setCookie({ name, value, domain: host, path: '/' })
    }
    const tab = await browser.newPage()
    tab.setDefaultTimeout(patience)
    await tab.goto(`${wordpress.url}/wp-admin/options-general.php?page=peerpress`)
    await tab.focus('#peerpress-server')
    await tab.keyboard.type(own)
    // The first choice of the policies is focused; the last one is one up from it.
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('ArrowUp')
    assert.equal(
      await tab.$eval('input[name=consent]:checked', (each) => each.getAttribute('value')),
      'assumed',
    )
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')])
    assert.equal(new URL(tab.url()).origin, own)
    await untilShown(tab, 'You are signed in as Ada')
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Space')
    await Promise.all([tab.waitForNavigation(), press(tab, 'Connect')])
    assert.equal(new URL(tab.url()).origin, wordpress.url)
    await tab.close()
    // A page behind another one draws nothing and has no focus.
    await page.bringToFront()
    await page.reload()
    await untilShown(page, host)
    const { sites } = await ask<{ sites: { edges: { node: { siteId: string; url: string } }[] } }>(
      '{ sites(first: 20) { edges { node { siteId url } } } }',
    )
    site = sites.edges.find(({ node }) => new URL(node.url).hostname === host)?.node.siteId ?? assert.fail()
    await wordpress.php('update_option("peerpress_assistance", ["control" => 0]);')
  })

  test('a post is published and has its receipt', async () => {
    const { pictures, video } = await sampleMedia()
    await wordpress.php(publishGuides)
    post = await wordpress.publishPost({
      title: 'Ten imagined places',
      pictures: pictures.map((name) => join(sampleDirectory, name)),
      video: join(sampleDirectory, video),
    })
    await wordpress.runCron()
    const receipt = await eventually(
      'the receipt',
      async () => {
        await wordpress.php('PeerPress\\Admin\\Receipts::forget($input);', post.id)
        const { cookie, nonce } = await wordpress.signIn()
        const url = `${wordpress.url}/wp-json/peerpress/v1/receipts?posts[]=${post.id}`
        const answer = await fetch(url, { headers: { cookie, 'x-wp-nonce': nonce } })
        const [found] = (await answer.json()) as { state: string; text: string }[]
        return found?.state === 'published' ? found.text : undefined
      },
      patience,
    )
    assert.match(receipt, /^Version 1, \d+ media files$/)
    await openSite(host)
    await press(page, 'Posts')
    await untilShown(page, 'version 1')
  })

  test('readers of five countries read it, and peers help', async () => {
    const readers = await Promise.all(
      places.map(async (place) => {
        const alone = await launchChromium()
        const reader = await createReader(alone, place, post.url)
        return { reader, close: async () => reader.close().then(() => alone.close()) }
      }),
    )
    closers.push(() => Promise.all(readers.map(({ close }) => close().catch(() => undefined))))
    const [first, ...others] = readers
    await first?.reader.read()
    for (const { reader } of others) {
      await reader.page.goto(post.url)
      await reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0, {
        timeout: patience,
      })
      await reader.scroll()
    }
    for (const { reader } of readers) await reader.leave()
    for (const { close } of readers) await close()
    const report = await eventually(
      'the five views',
      async () => {
        const found = await ask<{ site: { report: Report } }>(reportQuery, { site, range: lastHour() })
        const { report: counted } = found.site
        // The parts of a report are computed one after another, so a view may be in a later part alone.
        const isWhole = counted.breakdown.length === places.length && counted.totals.views >= places.length
        return isWhole ? counted : undefined
      },
      patience,
    )
    assert.deepEqual(
      new Set(report.breakdown.map(({ key }) => key)),
      new Set(places.map(({ country }) => country)),
    )
    assert.ok(report.totals.delivery.bytes.peer > 0, JSON.stringify(report.totals))
    await press(page, 'Regions')
    await untilShown(page, 'Netherlands')
  })

  test('a seeded region lags, and the finding has its reason', async () => {
    const { posts } = (
      await ask<{ site: { posts: { edges: { node: { postId: string; url: string } }[] } } }>(
        'query($site: String!) { site(siteId: $site) { posts(first: 10) { edges { node { postId url } } } } }',
        { site },
      )
    ).site
    const read = posts.edges.map(({ node }) => ({ post: node.postId, url: node.url }))
    assert.equal(read.length, 3)
    await seedLaggingRegion(server, site, { isSlow: false, posts: read })
    const { recent, earlier } = laggingSiteExports(Date.now())
    await writeFile(join(folder, 'recent.zip'), recent)
    await writeFile(join(folder, 'earlier.zip'), earlier)
    await page.reload()
    await press(page, 'Search')
    await page.waitForSelector('input[type=file]')
    await chooseFile(page, 'The last 28 days (zip)', join(folder, 'recent.zip'))
    await chooseFile(page, 'The 168 days before (zip)', join(folder, 'earlier.zip'))
    await press(page, 'Import')
    await untilShown(page, 'Imported 3 countries')
    await eventually(
      'the analysis with its reason',
      async () => {
        const { site: analysed } = await ask<{ site: Pick<Everything, 'findings'> }>(
          'query($site: String!) { site(siteId: $site) { findings(first: 5) { edges { node { rule country reasons { kind } } } } } }',
          { site },
        )
        const found = analysed.findings.edges.some(({ node }) => node.reasons[0]?.kind === 'SHOWN_LESS')
        return found ? true : undefined
      },
      patience,
    )
    await press(page, 'Findings')
    await untilShown(page, 'Search engines show the site less there')
    await untilShown(page, 'Search visits from France fell')
  })

  test('a brief for it is made from the evidence', async () => {
    await writeFile(join(folder, 'prices.csv'), workPrices)
    await press(page, 'Write')
    await page.waitForSelector('form[aria-label="Upload evidence"]')
    await chooseFile(page, 'A text or CSV file', join(folder, 'prices.csv'))
    await press(page, 'Upload')
    await untilShown(page, 'prices.csv became 3 items of evidence')
    await press(page, 'Make today’s briefs again')
    await eventually(
      'the brief',
      async () => {
        await page.reload()
        await page.waitForSelector('#briefs')
        return (await page.$('.brief')) === null ? undefined : true
      },
      patience,
    )
    await untilShown(page, 'A region lags')
    await untilShown(page, 'Readers in France, who are shown the site less')
  })

  test('one draft is refused with its reason; one passes, is approved and is a draft in WordPress', async () => {
    await page.waitForSelector('input[name=baseUrl]')
    await typeInto(page, 'Endpoint', endpoint.baseUrl)
    await typeInto(page, 'Name of the model', 'small')
    await typeInto(page, 'Key', 'sk-scenario')
    await check(page, 'The endpoint may have a private address, such as a machine in this network')
    await press(page, 'Save the model')
    await untilShown(page, 'This month it has used 0 of 1,000,000 tokens')
    await page.reload()
    await untilShown(page, 'No draft was written yet')
    await press(page, { name: 'Write a draft', within: 'France' })
    await untilShown(page, 'Refused by the gates', patience)
    await untilShown(page, `The price “${inventedPrice}” is not in the evidence that is cited here.`)
    await press(page, { name: 'Write a draft', within: 'France' })
    await untilShown(page, 'Passed the gates, and waits for a person', patience)
    await press(page, 'Approve for WordPress')
    await untilShown(page, 'A draft in WordPress', patience)
    await untilShown(page, 'Approved by Ada')
    assert.equal(endpoint.calls.length, 2)
    assert.ok(endpoint.calls.every(({ authorization }) => authorization === 'Bearer sk-scenario'))
    const written = JSON.parse(await wordpress.php(writtenDraft)) as Record<string, string>
    assert.deepEqual([written['status'], written['title'], written['by']], ['draft', draftTitle, 'Ada'])
    assert.match(written['html'] ?? '', /380 EUR\..*id="peerpress-source-1"/s)
    draftPost = written['id'] ?? ''
  })

  test('the block editor shows its brief and the gates beside the receipt and today’s briefs', async () => {
    const tab = await browser.newPage()
    tab.setDefaultTimeout(patience)
    await tab.goto(`${wordpress.url}/wp-admin/post.php?post=${draftPost}&action=edit`)
    await tab.waitForFunction(`window.wp?.data?.select('core/editor')?.getCurrentPostId() > 0`)
    await tab.evaluate(`
      wp.data.dispatch('core/edit-post').openGeneralSidebar('edit-post/document')
      for (const panel of ['peerpress/peerpress', 'peerpress-briefs/peerpress-briefs']) {
        if (!wp.data.select('core/edit-post').isEditorPanelOpened(panel))
          wp.data.dispatch('core/edit-post').toggleEditorPanelOpened(panel)
      }
    `)
    for (const part of [
      '.peerpress-receipt',
      '.peerpress-community',
      '.peerpress-editorial',
      '.peerpress-brief',
    ]) {
      await tab.waitForSelector(part)
    }
    const gates = await tab.$$eval('.peerpress-editorial', (parts) =>
      parts.map(({ textContent }) => textContent),
    )
    assert.match(gates.join('\n'), /It passed all gates: 3 claims from 3 sources\..*Approved by Ada\./)
    assert.match(gates.join('\n'), /Brief: What do readers in France/)
    await untilShown(tab, 'Readers in France, who are shown the site less')
    assert.deepEqual(
      (await brokenRules(tab)).filter((rule) => rule.includes('peerpress')),
      [],
    )
    await tab.close()
    await page.bringToFront()
  })

  test('the post is shared with the community, and two member sites vote for it', async () => {
    await press(page, 'Community')
    await press(page, 'Join the community')
    await untilShown(page, 'Member since')
    await choose(page, 'Post', 'ten-imagined-places')
    await press(page, 'Share')
    await untilShown(page, '0 up, 0 down')
    for (const voter of voters.slice(0, 2)) {
      await page.goto(`${own}/sites/${voter}/community`)
      await page.waitForSelector('button[aria-label^="Vote up: Ten imagined places"]')
      const name = await page.$eval('button[aria-label^="Vote up: Ten"]', (each) => each.ariaLabel ?? '')
      await press(page, name)
      await untilShown(page, 'You voted up.')
    }
  })

  test('the origin fails and comes back: one incident, one e-mail, resolved', async () => {
    await page.goto(own)
    await openSite(host)
    await press(page, 'Alerts')
    await page.waitForSelector('form[aria-label="Add a channel"] input[name=target]')
    await choose(page, 'Notify by', 'E-mail')
    await typeInto(page, 'E-mail address, or URL of the webhook', ada.email)
    await page.keyboard.press('Enter')
    await page.waitForSelector(`li ::-p-text(${ada.email})`, { visible: true })
    await wordpress.stopHttp()
    await within(probeTime, smtp.until(1))
    await wordpress.startHttp()
    await within(probeTime, smtp.until(2))
    const subjects = smtp.received.map((mail) => headerOf(mail, 'subject') ?? '')
    const name = new URL(wordpress.url).host
    assert.deepEqual(subjects, [`Alert: ${name}`, `Resolved: ${name}`])
    await page.reload()
    await untilShown(page, 'The site does not answer')
    await tabTo(page, 'Add')
  })

  test('one query answers all of it', async () => {
    const { site: all } = await ask<{ site: Everything }>(everythingQuery, { site, range: lastHour() })
    assert.equal(all.posts.edges.find(({ node }) => node.postId === String(post.id))?.node.version, 1)
    assert.equal(all.report.breakdown.length, places.length)
    assert.ok(all.report.totals.delivery.bytes.peer > 0)
    const [finding] = all.findings.edges
    assert.deepEqual(
      [finding?.node.rule, finding?.node.country, finding?.node.reasons[0]?.kind],
      ['LAGGING_REGION', 'FR', 'SHOWN_LESS'],
    )
    assert.ok(all.briefs.edges.some(({ node }) => node.kind === 'LAGGING_REGION' && node.region === 'FR'))
    const [passed, refused] = all.drafts.edges.map(({ node }) => node)
    assert.deepEqual([passed?.status, passed?.approvedBy, passed?.refusals], ['IN_CMS', 'Ada', []])
    assert.deepEqual([refused?.status, refused?.refusals.map(({ code }) => code)], ['REFUSED', ['PRICE']])
    assert.equal(all.model?.use.calls, 2)
    assert.deepEqual(
      all.sharedPosts.edges.map(({ node }) => [node.title.slice(0, 19), node.score.upVotes]),
      [['Ten imagined places', 2]],
    )
    assert.deepEqual(
      all.incidents.edges.map(({ node }) => [node.symptom, node.resolvedAt !== null]),
      [['ORIGIN_DOWN', true]],
    )
    assert.deepEqual(await wordpress.notices(), [])
  })

  /** Opens a site from the list of all sites. */
  async function openSite(name: string): Promise<void> {
    await untilShown(page, name)
    const shown = await page.$$eval('tbody th a', (links) => links.map(({ textContent }) => textContent))
    await press(page, shown.find((text) => text.includes(name)) ?? assert.fail(shown.join(', ')))
    await page.waitForSelector('.site-navigation')
  }
})

interface Report {
  readonly totals: {
    readonly views: number
    readonly delivery: { readonly bytes: { readonly peer: number } }
  }
  readonly breakdown: readonly { readonly key: string | null }[]
}

interface List<Node> {
  readonly edges: readonly { readonly node: Node }[]
}

interface Everything {
  readonly posts: List<{ readonly postId: string; readonly version: number }>
  readonly report: Report
  readonly findings: List<{
    readonly rule: string
    readonly country: string
    readonly reasons: readonly { readonly kind: string }[]
  }>
  readonly briefs: List<{ readonly kind: string; readonly region: string | null }>
  readonly drafts: List<{
    readonly status: string
    readonly approvedBy: string | null
    readonly refusals: readonly { readonly code: string }[]
  }>
  readonly model: { readonly use: { readonly calls: number } } | null
  readonly sharedPosts: List<{ readonly title: string; readonly score: { readonly upVotes: number } }>
  readonly incidents: List<{ readonly symptom: string; readonly resolvedAt: string | null }>
}

const reportFields = `report(range: $range) {
  totals { views delivery { bytes { peer } } }
  breakdown(by: COUNTRY) { key }
}`
const reportQuery = `query($site: String!, $range: RangeInput!) { site(siteId: $site) { ${reportFields} } }`
const everythingQuery = `query($site: String!, $range: RangeInput!) { site(siteId: $site) {
  posts(first: 10) { edges { node { postId version } } }
  ${reportFields}
  findings(first: 5) { edges { node { rule country reasons { kind } } } }
  briefs(first: 5) { edges { node { kind region } } }
  drafts(first: 5) { edges { node { status approvedBy refusals { code reason } } } }
  model { use { calls } }
  sharedPosts(first: 5) { edges { node { title score { upVotes } } } }
  incidents(first: 10) { edges { node { symptom resolvedAt } } }
} }`

/** A range that has the readers of the scenario and none of the seeded weeks. */
function lastHour(): { from: Date; to: Date } {
  return { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
}

/** Two posts with enough text for a language. */
const publishGuides = `
foreach (['Moss on a slate roof', 'Old roses in a garden'] as $title) {
    $text = "This guide is about $title. The work takes a morning, and somebody who prunes or cleans every year has less to do. "
        . 'What it costs depends on the size of the garden and on the weather, and the prices of a morning differ between regions.';
    wp_insert_post(['post_title' => $title, 'post_status' => 'publish', 'post_content' => "<p>$text</p>"]);
}`

const writtenDraft = `
[$post] = get_posts(['post_status' => 'any', 'meta_key' => '_peerpress_draft']);
echo json_encode([
    'id' => (string) $post->ID,
    'status' => $post->post_status,
    'title' => $post->post_title,
    'html' => do_blocks($post->post_content),
    'by' => get_post_meta($post->ID, '_peerpress_draft_approved_by', true),
]);`

/** @throws if the work takes longer than `ms` */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = AbortSignal.timeout(ms)
  await new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error(`it did not happen within ${ms} ms`)))
    work.then(() => resolve(), reject)
  })
}
