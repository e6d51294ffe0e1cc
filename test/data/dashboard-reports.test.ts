import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { rowTime } from '@peerpress/store'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { saveNextDownload } from '../support/browser/save-next-download.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const day = 86_400_000

/** Too small for coarse maps. */
const smallCountries = ['SG', 'MT', 'HK', 'BH'] as const

suite('a report of the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const { registry, store } = server
    const added = { url: 'https://garden.example/', consent: 'assumed', allowPrivateAddresses: false } as const
    site = (await registry.sites.add(added)).site.id
    for (let post = 101; post < 161; post++) await publish(String(post), `Post number ${post}`)
    await publish('100', '=HYPERLINK("https://evil.example","Tulips")')
    const rows = sampleViews(site, 300, Date.now())
    const few = smallCountries.flatMap((country, i) =>
      sampleViews(site, 3, Date.now()).map((row, n) => ({
        ...row,
        country,
        view: `00000000-0000-4000-a00${i}-${String(n).padStart(12, '0')}`,
      })),
    )
    // In the 30 days before those of the sample, which no post's page has.
    const earlier = sampleViews(site, 100, Date.now() - 35 * day).map((row, n) => ({
      ...row,
      started_at: rowTime(Date.now() - 35 * day - n * 60_000),
      view: `00000000-0000-4000-b000-${String(n).padStart(12, '0')}`,
    }))
    // Each post has a view of its own: the larger its number, the slower.
    const ofPosts = sampleViews(site, 60, Date.now()).map((row, n) => ({
      ...row,
      country: null,
      post: String(101 + n),
      ttfb: 10_000 + 100 * n,
      view: `00000000-0000-4000-c000-${String(n).padStart(12, '0')}`,
    }))
    const lines = [...rows, ...few, ...earlier, ...ofPosts].map((row) => JSON.stringify(row))
    await store.insertViews(Buffer.from(lines.join('\n')), 'sample')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  async function publish(post: string, title: string): Promise<void> {
    const url = `https://garden.example/post-${post}/`
    const { posts, pageTexts } = server.registry
    await posts.record({ site, post, url, version: 1, revoked: false, envelope: '{}', assets: [] })
    const content = { title, headline: title, description: null, language: 'en', sections: [] }
    await pageTexts.record({ site, post, version: 1, url, failure: null, content })
  }

  const open = async (path: string) => {
    const opened = await openPage(browser, operatorToken)
    const asked: string[] = []
    opened.page.on('request', (request) => {
      if (request.url().includes('/graphql')) asked.push(request.postData() ?? '')
      if (request.url().includes('countries-50m')) asked.push('map')
    })
    await opened.page.goto(`${server.url}/sites/${site}${path}`)
    return { ...opened, asked }
  }

  test('the overview needs one request of the graph', async () => {
    const { page, asked, complaints } = await open('?range=month')
    await page.waitForSelector('.u-over')
    assert.equal(asked.filter((text) => text !== 'map').length, 1)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('the map is loaded where it is shown, has small countries, and leads to a country by keyboard', async () => {
    const { page, asked, complaints } = await open('/delivery?range=month')
    await page.waitForSelector('.u-over')
    assert.ok(!asked.includes('map'))
    await page.goto(`${server.url}/sites/${site}/regions?range=month`)
    await page.waitForSelector('.map svg path')
    assert.ok(asked.includes('map'))
    assert.equal((await page.$$('.map .has-views circle')).length, smallCountries.length)
    await page.focus('.map [role=application]')
    await page.keyboard.press('ArrowRight')
    const views = await page.waitForFunction(
      () => /^(.+): [\d,]+ views$/.exec(document.querySelector('.map [role=status]')?.textContent ?? '')?.[1],
    )
    assert.equal(await views.jsonValue(), 'France')
    await page.keyboard.press('Enter')
    await page.waitForSelector('::-p-text(Regions of France)', { visible: true })
    assert.match(page.url(), /\/regions\?range=month&country=FR$/)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('the keyboard moves through a chart, and its values are announced after a moment', async () => {
    const { page } = await open('?range=month')
    await page.waitForSelector('.u-over')
    await page.focus('.chart [role=application]')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('End')
    await page.waitForFunction(() =>
      /: Other readers [\d.]+%, /.test(document.querySelector('.chart [role=status]')?.textContent ?? ''),
    )
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('.chart [role=status]')?.textContent === '')
    await page.close()
  })

  test('a chart is saved as SVG and PNG, and the map, too', async () => {
    const { page, complaints } = await open('?range=month')
    await page.waitForSelector('.u-over')
    const save = (label: string) =>
      saveNextDownload(page, () => page.locator(`button[aria-label="${label}"]`).click())
    const svg = await save('Save “Where the bytes came from, over time” as SVG')
    assert.equal(svg.name, 'where-the-bytes-came-from-over-time.svg')
    assert.match(svg.bytes.toString(), /^<svg [^>]*>.*fill="#[0-9a-f]{6}".*<\/svg>$/s)
    assert.doesNotMatch(svg.bytes.toString(), /var\(|NaN/)
    const png = await save('Save “Where the bytes came from, over time” as PNG')
    assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from('PNG')])
    assert.equal(png.bytes.readUInt32BE(16), 1920)
    await page.$eval('.map-waiting, .map', (element) => element.scrollIntoView())
    await page.waitForSelector('.map svg path')
    const map = await save('Save “Views by country” as PNG')
    assert.equal(map.bytes.readUInt32BE(16), 1920)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a table is saved as CSV in the time zone of the report, and no cell of it is a formula', async () => {
    await server.registry.sites.configure(site, { timeZone: 'Asia/Kolkata' })
    try {
      const { page } = await open('/posts?range=month')
      const save = (caption: string) =>
        saveNextDownload(page, () => page.locator(`button[aria-label="Save “${caption}” as CSV"]`).click())
      const posts = (await save('Posts')).bytes.toString()
      assert.equal(posts.trim().split('\r\n').length, 62, 'all posts, not only the shown 50')
      assert.match(posts, /\r\n"'=HYPERLINK\(""https:\/\/evil\.example"",""Tulips""\)",/)
      assert.match(posts, /T\d\d:\d\d:\d\d\+05:30\r\n/)
      await page.goto(`${server.url}/sites/${site}?range=month`)
      await page.waitForSelector('.u-over')
      await page.click('summary')
      const series = (await save('Asset bytes by source; intervals without any are left out')).bytes.toString()
      const [header, first] = series.split('\r\n')
      assert.match(header ?? '', /^\uFEFFStart \(Asia\/Kolkata\),End \(Asia\/Kolkata\),Other readers,/)
      assert.match(first ?? '', /^\d{4}-\d\d-\d\dT00:00:00\+05:30,/)
      await page.close()
    } finally {
      await server.registry.sites.configure(site, { timeZone: 'UTC' })
    }
  })

  test('filters are chips that are removed one by one, and the address has the whole state', async () => {
    const { page, complaints } = await open('?range=month')
    await page.waitForSelector('.u-over')
    await addFilter(page, 'country', 'fr')
    await page.waitForFunction(() => location.search === '?range=month&country=FR')
    await page.select('.comparison select', 'year')
    await page.waitForFunction(() => location.search === '?range=month&compare=year&country=FR')
    await page.waitForSelector('.report[aria-busy=false]')
    const filtered = await figure(page, 'Views')
    assert.ok(filtered < 372)
    await page.reload()
    await page.waitForSelector('.u-over')
    assert.equal(await figure(page, 'Views'), filtered)
    assert.equal(await page.$eval('.comparison select', (select) => select.value), 'year')
    // The filter goes along to the next page.
    await page.locator('::-p-text(Delivery)').click()
    await page.waitForSelector('button[aria-label="Remove the filter Country: France"]')
    await page.goBack()
    await page.locator('button[aria-label="Remove the filter Country: France"]').click()
    await page.waitForFunction(() => location.search === '?range=month&compare=year')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('posts are found by title, and a page follows another in the order of the list', async () => {
    const { page, complaints } = await open('/posts?range=month')
    await page.waitForSelector('.report[aria-busy=false] table')
    assert.equal((await names(page)).length, 50)
    await page.select('.post-order select', 'TITLE')
    await page.waitForFunction(() => document.querySelector('tbody th')?.textContent?.startsWith('=HYPER'))
    await page.locator('::-p-text(Next posts)').click()
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 11)
    assert.equal((await names(page)).at(-1), 'Post number 160')
    await page.locator('::-p-text(Previous posts)').click()
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 50)
    await page.locator('input[type=search]').fill('NUMBER 123')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
    await page.locator('::-p-text(Post number 123)').click()
    await page.waitForSelector('::-p-text(Last publication)', { visible: true })
    assert.match(page.url(), /\/posts\?range=month&post=123$/)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a figure orders all posts, page by page, in both directions and within a search', async () => {
    const { page, complaints } = await open('/posts?range=month')
    await page.waitForSelector('.report[aria-busy=false] table')
    await page.select('.post-order select', 'SPEED_TTFB')
    const first = (text: string) =>
      page.waitForFunction(
        (wanted) => document.querySelector('tbody th')?.textContent === wanted,
        {},
        text,
      )
    await first('Post number 160')
    assert.equal((await names(page)).length, 50)
    assert.equal(await page.$eval('th[aria-sort]', (header) => header.textContent), 'TTFB p75')
    assert.equal(await page.$eval('tbody td', (cell) => cell.textContent), '15.90\u00A0s')
    await page.locator('::-p-text(Next posts)').click()
    await page.waitForFunction(() => location.search.includes('after='))
    await first('Post number 110')
    assert.match(page.url(), /order=SPEED_TTFB&after=[^&]+&at=\d{13}$/)
    await page.reload()
    await first('Post number 110')
    const all = await saveNextDownload(page, () =>
      page.locator('button[aria-label="Save “Posts” as CSV"]').click(),
    )
    const lines = all.bytes.toString().trim().split('\r\n')
    assert.match(lines[1] ?? '', /^Post number 160,15900,/)
    assert.ok(lines.length >= 61, `${lines.length} lines`)
    await page.locator('::-p-text(First posts)').click()
    await first('Post number 160')
    await page.click('th[aria-sort] button')
    await page.waitForFunction(() => location.search.endsWith('&direction=ASC'))
    await page.waitForSelector('th[aria-sort=ascending]')
    await page.locator('input[type=search]').fill('number 15')
    await page.keyboard.press('Enter')
    await first('Post number 150')
    assert.deepEqual(
      await names(page),
      Array.from({ length: 10 }, (_, n) => `Post number ${150 + n}`),
    )
    await page.locator('input[type=search]').fill('no such post')
    await page.keyboard.press('Enter')
    await page.waitForSelector('::-p-text(No post with views in)', { visible: true })
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a page compares its figures, with intervals, and needs one request for all of it', async () => {
    const { page, asked, complaints } = await open('?range=month')
    await page.waitForSelector('.main-figures .change-interval')
    assert.equal(asked.filter((text) => text !== 'map').length, 1)
    const notes = await page.$$eval('.main-figures .figure', (figures) =>
      figures.map((each) => [
        each.querySelector('dt')?.textContent ?? null,
        each.querySelector('.change')?.textContent ?? null,
        each.querySelector('.change-interval')?.textContent ?? null,
      ]),
    )
    assert.deepEqual(notes[0], ['Views', '+272.0%, was 100', null])
    assert.match(notes[1]?.join(' ') ?? '', /^LCP, 75th percentile [+−][\d.]+%, was .* difference [+−].* to [+−].*s$/)
    assert.match(notes[2]?.[2] ?? 'difference +0.1 points', /points$/)
    for (const path of ['delivery', 'speed']) {
      await page.goto(`${server.url}/sites/${site}/${path}?range=month`)
      await page.waitForSelector('.report[aria-busy=false] .change')
      await page.select('.comparison select', 'none')
      await page.waitForFunction(() => document.querySelector('.change:not(.change-item *)') === null)
    }
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('an own note is a mark on the chart until it is removed', async () => {
    const { page, complaints } = await open('?range=month')
    await page.locator('::-p-text(What happened)').click()
    await page.locator('input[name=note]').fill('A newsletter <b>went out</b>')
    await page.keyboard.press('Enter')
    await page.locator('button[aria-label="Remove the note “A newsletter <b>went out</b>”"]').click()
    await page.waitForFunction(() => !document.body.textContent.includes('A newsletter'))
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a report that is too expensive is narrowed by a button', async () => {
    const { page } = await openPage(browser, operatorToken)
    let answer: object | null = {
      data: { site: null },
      errors: [
        { message: 'Too long.', path: ['site', 'report'], extensions: { code: 'QUERY_TOO_COMPLEX' } },
      ],
    }
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      const isReport = request.postData()?.includes('"operationName":"Delivery"') === true
      const ends = () => undefined
      if (!isReport || answer === null) {
        request.continue().catch(ends)
        return
      }
      const body = JSON.stringify(answer)
      answer = null
      request.respond({ contentType: 'application/json', body }).catch(ends)
    })
    await page.goto(`${server.url}/sites/${site}/delivery?range=month`)
    await page.locator('::-p-text(show 7 days)').click()
    await page.waitForFunction(() => location.search === '?range=week')
    await page.waitForSelector('.u-over')
    await page.close()
  })
})

async function addFilter(page: Page, key: string, value: string): Promise<void> {
  await page.click('.add-filter')
  await page.select('.popover select', key)
  await page.locator('.popover input').fill(value)
  await page.keyboard.press('Enter')
}

async function figure(page: Page, label: string): Promise<number> {
  const text = await page.$$eval(
    '.figure',
    (figures, wanted) =>
      figures.find((each) => each.querySelector('dt')?.textContent === wanted)?.querySelector('dd')?.textContent,
    label,
  )
  return Number(text)
}

function names(page: Page): Promise<string[]> {
  return page.$$eval('tbody th', (cells) => cells.map((cell) => cell.textContent))
}
