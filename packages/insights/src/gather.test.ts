import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import {
  addWeeks,
  encodeViewRow,
  openStore,
  rowTime,
  type Store,
  type ViewRow,
  weekStart,
} from '@peerpress/store'
import type { SiteFacts } from './findings/finding.ts'
import { changeAfterRelease } from './findings/rules/change-after-release.ts'
import { desktopPicture } from './findings/rules/desktop-picture.ts'
import { fallenEngine } from './findings/rules/fallen-engine.ts'
import { heavyPicture } from './findings/rules/heavy-picture.ts'
import { slowTemplate } from './findings/rules/slow-template.ts'
import { gatherFacts } from './gather.ts'
import { plainView } from './lagging-site.testing.ts'

const dayMs = 86_400_000
const end = weekStart(Date.UTC(2026, 5, 17))
const releasedAt = new Date(end - 24 * dayMs + 9 * 3_600_000)
const picture = 'https://garden.example/uploads/cake.jpg'

const posts = [
  { post: '1', url: 'https://garden.example/recipes/cake/', lcp: 3600, picture },
  { post: '2', url: 'https://garden.example/recipes/soup/', lcp: 3700, picture },
  { post: '3', url: 'https://garden.example/news/spring/', lcp: 1200, picture: null },
  { post: '4', url: 'https://garden.example/news/summer/', lcp: 1250, picture: null },
] as const

/** Values around 1 that repeat after 11. */
const noise = (i: number) => [1.02, 0.97, 1.03, 0.99, 1.01, 0.96, 1.04, 1, 0.98, 1.02, 0.98][i % 11] ?? 1

describe('facts of a site with real views', { timeout: 180_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let site: string
  let rows: readonly ViewRow[]
  let facts: SiteFacts

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-gather-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    store = await openStore({ directory: join(directory, 'store') })
    const input = {
      url: 'https://garden.example/',
      consent: 'assumed',
      allowPrivateAddresses: false,
    } as const
    site = (await registry.sites.add(input)).site.id
    for (const { post, url, picture: shown } of posts) {
      await registry.posts.record({
        site,
        post,
        url,
        version: 1,
        revoked: false,
        envelope: '{}',
        assets:
          shown === null
            ? []
            : [
                {
                  id: 'a'.repeat(64),
                  url: `${shown}?v=1`,
                  type: 'image/jpeg',
                  size: 480_000,
                  chunkSize: 262_144,
                  hashes: new Uint8Array(64),
                  etag: null,
                  lastModified: null,
                },
              ],
      })
    }
    await registry.releases.record(site, { component: 'theme garden', version: '2.0', releasedAt })
    await registry.releases.record(site, {
      component: 'plugin old',
      version: '1',
      releasedAt: new Date(end - 70 * dayMs),
    })
    rows = viewsOf(site)
    await store.insertViews(Buffer.from(rows.map((row) => `${encodeViewRow(row)}\n`).join('')), 'views')
    const { signal } = new AbortController()
    await store.countSearchWeeks({ site, now: new Date(end + dayMs), signal })
    const reports = store.reportsFor({ caller: {}, signal })
    facts = await gatherFacts({ registry, store, reports }, site, end)
  })
  after(async () => {
    await store.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Returns how many of the seeded views of some weeks match. */
  const count = (weeks: number, matches: (row: ViewRow) => boolean): number => {
    const from = rowTime(addWeeks(end, -weeks))
    return rows.filter((row) => row.started_at >= from && row.started_at < rowTime(end) && matches(row))
      .length
  }

  test('days are those of eight weeks, each with its views, and releases of these weeks alone', () => {
    assert.equal(facts.days.length, 56)
    assert.equal(facts.days[0]?.start.getTime(), addWeeks(end, -8))
    assert.deepEqual(
      facts.days.map(({ metrics }) => metrics.speed.lcp?.samples),
      facts.days.map(({ start }) =>
        count(
          8,
          ({ started_at: at }) => at >= rowTime(start.getTime()) && at < rowTime(start.getTime() + dayMs),
        ),
      ),
    )
    assert.deepEqual(facts.releases, [{ component: 'theme garden', version: '2.0', releasedAt }])
  })

  test('engines have their visits a week, in the last four weeks and in those before', () => {
    const visits = (engine: string) => {
      const is = ({ search_engine: of }: ViewRow) => of === engine
      const recent = count(4, is)
      return { engine, recent: recent / 4, earlier: (count(28, is) - recent) / 24, weeks: 4 }
    }
    const byName = facts.engines.toSorted((a, b) => String(a.engine).localeCompare(String(b.engine)))
    const rounded = byName.map((of) => ({ ...of, earlier: Math.round(of.earlier * 1e6) / 1e6 }))
    assert.deepEqual(rounded, [visits('Bing'), visits('Google')])
  })

  test('pictures are those of published posts, with the views of phones and of desktops', () => {
    const shows = (device: string) => (row: ViewRow) => row.lcp_url === picture && row.device === device
    assert.equal(facts.pictures.length, 1)
    assert.equal(facts.pictures[0]?.size, 480_000)
    assert.equal(
      facts.pictures[0]?.views.views,
      count(4, ({ lcp_url: of }) => of === picture),
    )
    const [phone, ...others] = facts.phonePictures
    assert.deepEqual(others, [])
    assert.deepEqual(
      [phone?.url, phone?.size, phone?.phoneViews, phone?.desktopViews],
      [picture, 480_000, count(4, shows('mobile')), count(4, shows('desktop'))],
    )
    assert.ok((phone?.phoneViews ?? 0) > 100 && (phone?.lcp ?? 0) > 4000)
  })

  test('posts have their addresses and their views', () => {
    assert.deepEqual(
      [...facts.postUrls].toSorted(([a], [b]) => a.localeCompare(b)),
      posts.map(({ post, url }) => [post, url]),
    )
    for (const { post } of posts) {
      const row = facts.posts.find(({ key }) => key === post)
      assert.equal(
        row?.metrics.views,
        count(4, (of) => of.post === post),
      )
    }
  })

  test('the newer rules find in them what was seeded, and nothing else', () => {
    const rules = [changeAfterRelease, fallenEngine, slowTemplate, desktopPicture, heavyPicture]
    const found = rules.flatMap((rule) => rule.find(facts).map(({ subject }) => `${rule.name}: ${subject}`))
    assert.deepEqual(found, [
      'change-after-release: theme garden 2.0',
      'fallen-engine: Bing',
      'slow-template: /recipes/*',
      `desktop-picture: ${picture}`,
      `heavy-picture: ${picture}`,
    ])
  })

  test('a site without views has empty facts, in which no rule finds anything', async () => {
    const input = { url: 'https://empty.example/', consent: 'assumed', allowPrivateAddresses: false } as const
    const { id } = (await registry.sites.add(input)).site
    const reports = store.reportsFor({ caller: {}, signal: new AbortController().signal })
    const none = await gatherFacts({ registry, store, reports }, id, end)
    assert.deepEqual([none.engines, none.pictures, none.phonePictures, none.releases], [[], [], [], []])
    assert.deepEqual(
      [changeAfterRelease, fallenEngine, slowTemplate, desktopPicture, heavyPicture].flatMap((rule) =>
        rule.find(none),
      ),
      [],
    )
  })
})

/**
 * Direct views of eight weeks, 24 a day, which load slower from the release on; and search visits of 28 weeks, 36 a week by
 * Google, 24 by Bing, of which 4 are left in the last four weeks.
 */
function viewsOf(site: string): ViewRow[] {
  const rows: ViewRow[] = []
  const add = (
    at: number,
    of: Pick<ViewRow, 'search_engine'> & Partial<Pick<ViewRow, 'referrer' | 'referrer_class'>>,
  ) => {
    const number = rows.length
    const time = Math.floor(at).toString(16).padStart(12, '0')
    const { post, url, lcp, picture: shown } = posts[number % posts.length] ?? posts[0]
    rows.push({
      ...plainView,
      site,
      view: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`,
      started_at: rowTime(at),
      received_at: rowTime(at + 5000),
      post,
      url,
      country: 'DE',
      device: Math.floor(number / posts.length) % 3 === 0 ? 'desktop' : 'mobile',
      lcp: Math.round(lcp * noise(number) * (at >= releasedAt.getTime() ? 1.5 : 1)),
      inp: null,
      cls: null,
      engaged_ms: 20_000,
      lcp_url: shown,
      ...of,
    })
  }
  for (let day = -56; day < 0; day++) {
    for (let i = 0; i < 24; i++) {
      add(end + day * dayMs + i * 3_600_000 + 60_000, {
        referrer: null,
        referrer_class: 'direct',
        search_engine: null,
      })
    }
  }
  for (let week = -28; week < 0; week++) {
    for (const [engine, visits] of [
      ['Google', 36],
      ['Bing', week < -4 ? 24 : 1],
    ] as const) {
      for (let i = 0; i < visits; i++) {
        add(addWeeks(end, week) + ((i + 0.5) / visits) * 7 * dayMs, { search_engine: engine })
      }
    }
  }
  return rows
}
