import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient, releasedPlugin } from '@peerpress/cli'
import {
  connectWordpress,
  launchChromium,
  type PublishedPost,
  sampleDirectory,
  sampleMedia,
  startWordPress,
  untilPublished,
  type WordPress,
} from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { eventually } from '../support/eventually.ts'
import { openLocalName } from '../support/local-names.ts'
import { seedVoters } from '../support/server/seed-voters.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

/** ms that a page may take on a machine that is busy with other tests. */
const patience = 180_000
const host = 'community-blog.localhost'

// One WordPress, the member sites of five other owners, and one server: the tests run in order.
suite('the community, from wp-admin to RSS', { timeout: 1_800_000 }, () => {
  let server: ServerProcess
  let wordpress: WordPress
  let browser: Browser
  let voters: readonly string[]
  const posts: PublishedPost[] = []
  const closers: (() => Promise<unknown>)[] = []

  before(async () => {
    await openLocalName(host)
    const data = await mkdtemp(join(tmpdir(), 'peerpress-community-'))
    voters = await seedVoters(data)
    server = await startServerProcess({}, data)
    closers.push(() => server.close())
    wordpress = await startWordPress({ plugin: await releasedPlugin(), host })
    closers.push(() => wordpress.stop())
    await connectWordpress(wordpress, { server: server.url, token: await server.token() })
    const { pictures } = await sampleMedia()
    for (const title of ['Ten dunes <b>&</b> more', 'A later post']) {
      const picture = join(sampleDirectory, pictures[posts.length] ?? '')
      posts.push(await wordpress.publishPost({ title, pictures: [picture] }))
    }
    await wordpress.runCron()
    const site = await siteId()
    for (const { id } of posts) await untilPublished(server.url, site, String(id))
    browser = await launchChromium()
    closers.push(() => browser.close())
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })

  const client = async () => graphqlClient(server.url, await server.token())
  const siteId = async () => {
    const { sites } = await (
      await client()
    ).query<{ sites: { edges: { node: { siteId: string; url: string } }[] } }>(
      '{ sites(first: 20) { edges { node { siteId url } } } }',
    )
    return sites.edges.find(({ node }) => new URL(node.url).hostname === host)?.node.siteId ?? ''
  }
  const wpAdmin = async (path: string): Promise<Page> => {
    const { cookies } = await wordpress.signIn()
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    const url = wordpress.url
    await page.setCookie(...Object.entries(cookies).map(([name, value]) => ({ name, value, url })))
    await page.goto(`${url}/wp-admin/${path}`)
    return page
  }
  /** Titles in the order of a list or a feed. */
  const titlesOf = async (path: string) => {
    const text = await (await fetch(server.url + path)).text()
    return posts
      .map(({ url }) => ({ url, at: text.indexOf(url.replaceAll('&', '&amp;')) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at)
      .map(({ url }) => url)
  }

  test('the owner joins from wp-admin: the server asks the domain itself', async () => {
    const page = await wpAdmin('options-general.php?page=peerpress')
    await page.waitForSelector('.peerpress-community [data-action=join]')
    await page.click('.peerpress-community [data-action=join]')
    // wp-admin may give a busy server up that is still asking the domain. The next look shows what became of it.
    const isMember = `document.querySelector('.peerpress-community')?.textContent.includes('is a member since') === true`
    await page.waitForFunction(isMember, { timeout: 20_000 }).catch(() => undefined)
    await eventually('the membership', async () => {
      if ((await page.evaluate(isMember)) === true) return true
      await page.reload({ waitUntil: 'networkidle2' })
      return undefined
    })
    assert.deepEqual(await brokenRules(page).then((rules) => rules.filter(isOurs)), [])
    await page.close()
    const { site } = await (
      await client()
    ).query<{ site: { membership: { method: string; trust: number; member: { host: string } } } }>(
      'query($siteId: String!) { site(siteId: $siteId) { membership { method trust member { host } } } }',
      { siteId: await siteId() },
    )
    assert.deepEqual(site.membership, { method: 'plugin', trust: 0, member: { host } })
  })

  test('the owner shares posts beside the editor; each is in the feed, and so is a post without a reader', async () => {
    for (const { id } of posts) {
      const page = await wpAdmin(`post.php?post=${id}&action=edit`)
      await page.waitForFunction(`window.wp?.data?.select('core/editor')?.getCurrentPostId() > 0`)
      await page.evaluate(`
        wp.data.dispatch('core/edit-post').openGeneralSidebar('edit-post/document')
        // WordPress remembers for the next post that it is open.
        if (!wp.data.select('core/edit-post').isEditorPanelOpened('peerpress/peerpress'))
          wp.data.dispatch('core/edit-post').toggleEditorPanelOpened('peerpress/peerpress')
      `)
      await page.waitForSelector('.peerpress-community [data-action=share]')
      await page.evaluate(`document.querySelector('.peerpress-community [data-action=share]').click()`)
      await page.waitForFunction(
        `document.querySelector('.peerpress-community').textContent.includes('Shared: 0 up, 0 down')`,
      )
      await page.close()
    }
    const [first, later] = posts.map(({ url }) => url)
    assert.deepEqual(await titlesOf('/community/new'), [later, first])
    // Without votes, the later post is ahead.
    assert.deepEqual(await titlesOf('/community'), [later, first])
  })

  test('member sites vote in the dashboard, the post rises, and RSS has it first', async () => {
    const [clicking = '', ...others] = voters
    const { page, complaints } = await openPage(browser, await server.token())
    page.setDefaultTimeout(patience)
    await page.goto(`${server.url}/sites/${clicking}/community`)
    const button = await page.waitForSelector('button[aria-label^="Vote up: Ten dunes & more"]')
    await button?.click()
    await page.waitForSelector('::-p-text(You voted up.)', { visible: true })
    assert.deepEqual(await complaints(), [])
    await page.close()
    const graph = await client()
    const { feed } = await graph.query<{
      feed: { edges: { node: { submissionId: string; title: string; score: { upVotes: number } } }[] }
    }>('{ feed(first: 10) { edges { node { submissionId title score { upVotes } } } } }')
    const shared = feed.edges.find(({ node }) => node.title.startsWith('Ten dunes & more'))?.node
    assert.equal(shared?.score.upVotes, 1)
    for (const voter of others) {
      const input = { siteId: voter, submissionId: shared.submissionId, value: 'UP' }
      await graph.query(
        'mutation($input: PostVoteInput!) { postVote(input: $input) { sharedPost { id } } }',
        {
          input,
        },
      )
    }
    const [first, later] = posts.map(({ url }) => url)
    for (const path of ['/community', '/community/feed.xml', '/community/feed.json']) {
      assert.deepEqual(await titlesOf(path), [first, later], path)
    }
    assert.deepEqual(await titlesOf('/community/feed.xml?order=new'), [later, first])
    const rss = await fetch(`${server.url}/community/feed.xml`)
    assert.match(rss.headers.get('content-type') ?? '', /^application\/rss\+xml/)
  })

  test('a member reports a post, the operator hides it, its owner appeals, and it is back where it was', async () => {
    const [reporter = ''] = voters
    const [first, later] = posts.map(({ url }) => url)
    const owner = await siteId()
    const open = async (path: string): Promise<{ page: Page; readonly close: () => Promise<void> }> => {
      const { page, complaints } = await openPage(browser, await server.token())
      page.setDefaultTimeout(patience)
      await page.goto(server.url + path)
      return {
        page,
        close: async () => {
          assert.deepEqual(await complaints(), [], path)
          await page.close()
        },
      }
    }
    const decide = async (action: string, reason: string) => {
      const { page, close } = await open('/moderation')
      await page.waitForSelector('form[aria-label^="Decide about Ten dunes"]')
      assert.deepEqual(await brokenRules(page), [])
      await page.click(`input[value=${action}]`)
      await page.type('textarea[name=reason]', reason)
      await page.click('form button[type=submit]')
      await page.waitForSelector('::-p-text(No report and no appeal waits.)', { visible: true })
      await close()
    }

    const reporting = await open(`/sites/${reporter}/community`)
    const item = '::-p-xpath(//li[.//a[starts-with(text(), "Ten dunes")]]'
    await (await reporting.page.waitForSelector(`${item}//summary)`))?.click()
    await reporting.page.select('select[name=reason]', 'MISLEADING')
    await (await reporting.page.waitForSelector(`${item}//textarea)`))?.type('There are nine.')
    await (await reporting.page.waitForSelector(`${item}//button[text()="Send the report"])`))?.click()
    await reporting.page.waitForSelector('::-p-text(Reported. The operator of the server decides.)', {
      visible: true,
    })
    await reporting.close()
    assert.deepEqual(await titlesOf('/community'), [first, later])

    const [, postPath = ''] =
      /href="(\/community\/posts\/[a-z0-9]+)"/.exec(await (await fetch(`${server.url}/community`)).text()) ??
      []
    const overview = await open('/')
    await (await overview.page.waitForSelector('.notice a[href$="/moderation"]'))?.click()
    await overview.page.waitForSelector('::-p-text(Report of ada.localhost: Misleading)', { visible: true })
    await overview.page.waitForSelector('::-p-text(There are nine.)', { visible: true })
    await overview.close()
    await decide('HIDE', 'Counted: nine.')
    assert.deepEqual(await titlesOf('/community'), [later])
    assert.deepEqual(await titlesOf('/community/feed.xml'), [later])
    assert.equal((await fetch(server.url + postPath)).status, 410)

    const appealing = await open(`/sites/${owner}/community`)
    await appealing.page.waitForSelector('::-p-text(Counted: nine.)', { visible: true })
    // The author learns that somebody reported, not who, and not the words for the operator.
    const seen = await appealing.page.$eval('main', (main) => main.textContent)
    assert.match(seen, /Report: Misleading/)
    assert.doesNotMatch(seen, /There are nine|Report of/)
    await appealing.page.type('textarea[name=text]', 'The tenth is behind the ninth.')
    await appealing.page.click('form:has(textarea[name=text]) button[type=submit]')
    await appealing.page.waitForSelector('::-p-text(Waits for a decision.)', { visible: true })
    await appealing.page.waitForFunction(`document.querySelector('textarea[name=text]') === null`)
    await appealing.close()
    assert.deepEqual(await titlesOf('/community'), [later])

    // A decision that was made holds after a kill.
    await server.kill()
    await server.restart()
    await decide('RESTORE', 'Ten, indeed.')
    assert.deepEqual(await titlesOf('/community'), [first, later])
    assert.equal((await fetch(server.url + postPath)).status, 200)
    const { ledgerCheck } = await (
      await client()
    ).query<{ ledgerCheck: { rows: number; problems: { edges: unknown[] } } }>(
      '{ ledgerCheck { rows problems { edges { node { seq } } } } }',
    )
    assert.ok(ledgerCheck.rows > 15)
    assert.deepEqual(ledgerCheck.problems.edges, [])
  })

  test('the pages need no scripts, load nothing from elsewhere, are accessible, and fit a phone', async () => {
    const list = await fetch(`${server.url}/community`)
    const etag = list.headers.get('etag') ?? ''
    const again = await fetch(`${server.url}/community`, { headers: { 'if-none-match': etag } })
    assert.ok([200, 304].includes(again.status))
    assert.equal(list.headers.get('cache-control'), 'public, max-age=60')
    assert.ok(!(list.headers.get('content-security-policy') ?? 'unsafe').includes('unsafe'))
    const [, postPath = ''] = /href="(\/community\/posts\/[a-z0-9]+)"/.exec(await list.text()) ?? []
    for (const path of [
      '/community',
      '/community/new',
      postPath,
      `/community/sites/${host}`,
      '/community/x',
    ]) {
      for (const theme of ['light', 'dark'] as const) {
        const { page, complaints } = await openPage(browser)
        const foreign: string[] = []
        page.on('request', (request) => {
          if (new URL(request.url()).origin !== server.url) foreign.push(request.url())
        })
        page.setDefaultTimeout(patience)
        await page.setViewport({ width: theme === 'dark' ? 360 : 1440, height: 900 })
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
        const response = await page.goto(server.url + path, { waitUntil: 'networkidle0' })
        assert.equal(response?.status(), path === '/community/x' ? 404 : 200, path)
        assert.deepEqual(foreign, [], path)
        if (path !== '/community/x') {
          assert.deepEqual(await complaints(), [], path)
          assert.deepEqual(await brokenRules(page), [], `${path} ${theme}`)
          const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
          assert.equal(isWide, false, `${path} scrolls sideways`)
        }
        await page.close()
      }
    }
    // A picture is the mirror's.
    const { page } = await openPage(browser)
    await page.goto(`${server.url}/community`)
    await page.waitForFunction(
      `[...document.querySelectorAll('.picture')].every((picture) => picture.complete && picture.naturalWidth > 0)`,
    )
    await page.close()
  })
})

/** axe's complaints about WordPress's own pages are none of the plugin's. */
function isOurs(rule: string): boolean {
  return rule.includes('peerpress-community')
}
