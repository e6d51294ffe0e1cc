import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { createAccountServices } from '@peerpress/accounts'
import { graphqlClient, releasedPlugin } from '@peerpress/cli'
import type { Registry } from '@peerpress/registry'
import { connectWordpress, launchChromium, startWordPress, type WordPress } from '@peerpress/testbed'
import type { Browser, HTTPRequest, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { untilShown } from '../support/browser/keyboard.ts'
import { ryeDraft, ryeRequest, seedBrief, withRecords } from '../support/server/seed-draft.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 600_000 }
/** ms that a page may take on a machine that is busy with other tests. */
const patience = 60_000
const password = 'correct horse battery'
const people = ['Ada', 'Grace'] as const

suite('two people who approve a draft at the same time', limits, () => {
  let server: ServerProcess
  let wordpress: WordPress
  let browser: Browser
  let site: string

  before(async () => {
    server = await startServerProcess()
    wordpress = await startWordPress({ plugin: await releasedPlugin() })
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    const { sites } = await graphqlClient(server.url, await server.token()).query<{
      sites: { edges: { node: { siteId: string } }[] }
    }>('{ sites(first: 1) { edges { node { siteId } } } }')
    site = sites.edges[0]?.node.siteId ?? assert.fail()
    await withRecords(server, async (registry) => {
      await addPeople(registry, site)
      const seeded = await seedBrief(registry, site, 'http://127.0.0.1:9/v1')
      const { id } = await registry.drafts.request(ryeRequest(site, seeded))
      await registry.drafts.change(id, { from: ['queued'], to: 'passed', content: ryeDraft(seeded.evidence) })
    })
    browser = await launchChromium()
  }, limits)
  after(async () => {
    await browser?.close()
    await wordpress?.stop()
    await server?.close()
  })

  test('one does; the other sees who did; WordPress has one post', async () => {
    const pages = [await openDrafts(people[0]), await openDrafts(people[1])]
    // Both press before the server hears of either.
    const held = pages.map((page) => holdApproval(page))
    const answers = pages.map((page) => page.waitForResponse((response) => isApproval(response.request())))
    for (const page of pages) {
      await page.bringToFront()
      await page.locator('button::-p-text(Approve for WordPress)').click()
    }
    const requests = await Promise.all(held)
    await Promise.all(requests.map((request) => request.continue()))
    const statuses = (await Promise.all(answers)).map((answer) => answer.status())
    assert.deepEqual(new Set(statuses), new Set([200, 400]))
    const winner = people[statuses.indexOf(200)] ?? assert.fail()
    const loser = pages[statuses.indexOf(400)] ?? assert.fail()
    await loser.waitForSelector(`[role=alert] ::-p-text(${winner} approved it already)`, { visible: true })
    for (const page of pages) {
      // A page behind another one loads nothing again.
      await page.bringToFront()
      await untilShown(page, `Approved by ${winner}.`, patience)
      await untilShown(page, 'A draft in WordPress', patience)
      assert.equal(await page.$('button::-p-text(Approve for WordPress)'), null)
    }
    const posts = JSON.parse(await wordpress.php(postsOfDrafts)) as unknown
    assert.deepEqual(posts, [['How long rye rises', 'draft', winner]])
    assert.deepEqual(await wordpress.notices(), [])
  })

  async function openDrafts(name: string): Promise<Page> {
    const { page } = await openPage(await browser.createBrowserContext())
    page.setDefaultTimeout(patience)
    await page.goto(`${server.url}/sign-in`)
    await page.locator('input[name=email]').fill(emailOf(name))
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('a.signed-in')
    await page.goto(`${server.url}/sites/${site}/write`)
    await page.waitForSelector('#drafts ~ ol ::-p-text(waits for a person)', { visible: true })
    return page
  }
})

/** Holds the request that approves a draft, and returns it. Others pass. */
async function holdApproval(page: Page): Promise<HTTPRequest> {
  const approval = Promise.withResolvers<HTTPRequest>()
  page.on('request', (request) => {
    if (isApproval(request)) approval.resolve(request)
    else request.continue().catch(() => undefined)
  })
  await page.setRequestInterception(true)
  return approval.promise
}

function isApproval(request: HTTPRequest): boolean {
  return request.postData()?.includes('"operationName":"DraftApprove"') === true
}

function emailOf(name: string): string {
  return `${name.toLowerCase()}@example.org`
}

/** Makes an account for each person, who may publish on the site. */
async function addPeople(registry: Registry, site: string): Promise<void> {
  const { welcoming } = createAccountServices({
    registry,
    isOperatorToken: async () => false,
    publicReports: false,
  })
  for (const name of people) {
    const email = emailOf(name)
    const token = await welcoming.issue({ kind: 'member', email, site, role: 'editor' }, 'operator')
    await welcoming.accept({ token, email, name, password }, { network: '192.0.2.0/24', browser: null })
  }
}

const postsOfDrafts = `
echo json_encode(array_map(
    static fn ($post) => [
        $post->post_title,
        $post->post_status,
        get_post_meta($post->ID, '_peerpress_draft_approved_by', true),
    ],
    get_posts(['post_status' => 'any', 'meta_key' => '_peerpress_draft', 'numberposts' => -1])
));`
