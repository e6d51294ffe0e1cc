import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changePointOf } from '../statistics/change-point.ts'
import type { SiteFacts } from './finding.ts'
import { changeAfterRelease } from './rules/change-after-release.ts'
import { desktopPicture } from './rules/desktop-picture.ts'
import { fallenEngine } from './rules/fallen-engine.ts'
import { slowTemplate } from './rules/slow-template.ts'
import { templateOf } from './template.ts'

const site = 'aaaaaaaaaaaaaaaa'
const dayMs = 86_400_000
const first = Date.UTC(2026, 0, 1)

/** Noise of a few percent that repeats after 11 days. */
const noise = (i: number) => [1.02, 0.97, 1.03, 0.99, 1.01, 0.96, 1.04, 1, 0.98, 1.02, 0.98][i % 11] ?? 1

const lcp = (value: number, samples: number, spread = 0.05) => ({
  p: 0.75,
  value,
  low: value * (1 - spread),
  high: value * (1 + spread),
  samples,
  enough: true,
  error: 0,
})

function facts(given: Partial<SiteFacts>): SiteFacts {
  return { site, ...given } as SiteFacts
}

describe('a change point', () => {
  test('is the first value of the new level', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 25 ? 1 : 1.3) * noise(i))
    const found = changePointOf(values)
    assert.equal(found?.index, 25)
    assert.ok(Math.abs(found.change - 0.3) < 0.02)
  })

  test('is not found in noise, in few values, nor in one outlier', () => {
    assert.equal(changePointOf(Array.from({ length: 60 }, (_, i) => noise(i))), null)
    assert.equal(changePointOf([1, 1, 1, 1, 2, 2, 2, 2, 2]), null)
    assert.equal(changePointOf(Array.from({ length: 40 }, (_, i) => (i === 20 ? 3 : noise(i)))), null)
    assert.equal(changePointOf(Array.from({ length: 40 }, () => 1)), null)
  })

  test('is rarely found where there is none: at most one in fifty series of random values', () => {
    let state = 7
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
    const found = Array.from({ length: 300 }, () => changePointOf(Array.from({ length: 56 }, normal)))
    assert.ok(found.filter((each) => each !== null).length <= 6)
  })
})

describe('pages that became slower after a release', () => {
  const given = ({ rise = 1.4, samples = 40, releasedDay = 30 } = {}) =>
    facts({
      days: Array.from({ length: 56 }, (_, i) => ({
        start: new Date(first + i * dayMs),
        metrics: { speed: { lcp: lcp(2000 * noise(i) * (i < 30 ? 1 : rise), samples) } } as never,
      })),
      releases: [
        {
          component: 'theme garden',
          version: '2.1',
          releasedAt: new Date(first + releasedDay * dayMs + 3_600_000),
        },
        { component: 'plugin tea', version: '9', releasedAt: new Date(first + 10 * dayMs) },
      ],
    })

  test('are found with the release of that day, and no other one', () => {
    const [finding, ...others] = changeAfterRelease.find(given())
    assert.deepEqual([finding?.subject, others], ['theme garden 2.1', []])
    assert.match(
      finding?.content.sentence ?? '',
      /theme garden 2\.1 came on 2026-01-31: LCP.*from 2\ss to 2\.8\ss/,
    )
    assert.ok(Math.abs((finding?.effect ?? 0) - 0.286) < 0.01)
    assert.equal(finding?.score, finding!.effect * 26 * 40)
  })

  test('are not found without a change, with few views, after an improvement, or when the release was another day', () => {
    for (const silent of [
      { rise: 1 },
      { rise: 1.05 },
      { rise: 0.6 },
      { samples: 7 },
      { releasedDay: 27 },
      { releasedDay: 33 },
    ]) {
      assert.deepEqual(changeAfterRelease.find(given(silent)), [], JSON.stringify(silent))
    }
  })
})

describe('a search engine that fell away', () => {
  const engine = (name: string | null, recent: number, earlier: number) => ({
    engine: name,
    recent,
    earlier,
    weeks: 4,
  })

  test('is found when it leads to half of its visits or less, and the others do not fall', () => {
    const [finding, ...others] = fallenEngine.find(
      facts({ engines: [engine('Bing', 5, 40), engine('Google', 300, 290)] }),
    )
    assert.deepEqual([finding?.subject, others], ['Bing', []])
    assert.match(
      finding?.content.sentence ?? '',
      /^Bing leads to 5 visits a week after 40 in the 24 weeks before/,
    )
    assert.equal(finding?.effect, 1 - 20 / 160)
    assert.equal(finding.score, 140)
  })

  test('is not found with few visits, when all engines fall, when it falls less, or without a name', () => {
    const silent = [
      [engine('Bing', 0, 12), engine('Google', 300, 290)],
      [engine('Bing', 15, 40), engine('Google', 100, 290)],
      [engine('Bing', 25, 40), engine('Google', 300, 290)],
      [engine(null, 5, 40), engine('Google', 300, 290)],
      [engine('Google', 300, 290)],
      [],
    ]
    for (const engines of silent) assert.deepEqual(fallenEngine.find(facts({ engines })), [])
  })
})

describe('a slow template', () => {
  const post = (key: string, value: number, samples = 200) =>
    ({ key, metrics: { speed: { lcp: lcp(value, samples) } } }) as unknown as SiteFacts['posts'][number]
  const postUrls = new Map([
    ['1', 'https://shop.example/product/pot/'],
    ['2', 'https://shop.example/product/cup/'],
    ['3', 'https://shop.example/2026/05/tea/'],
    ['4', 'https://shop.example/2025/11/mate/'],
  ])
  const found = (posts: SiteFacts['posts']) => slowTemplate.find(facts({ posts, postUrls }))

  test('is found when its pages are slow together and the others are not', () => {
    const [finding, ...others] = found([post('1', 4000), post('2', 4400), post('3', 1800), post('4', 1900)])
    assert.deepEqual([finding?.subject, others], ['/product/*', []])
    assert.match(
      finding?.content.sentence ?? '',
      /LCP is 4\.2\ss in 400 views of 2 posts .* against 1\.9\ss elsewhere/,
    )
    assert.equal(finding?.content.link, 'https://shop.example/product/cup/')
    assert.ok(Math.abs((finding?.score ?? 0) - 400 * (1 - 2500 / 4200)) < 1e-9)
  })

  test('is not found when all are slow, with one post, with few views, or when it is good', () => {
    assert.deepEqual(found([post('1', 4000), post('2', 4400), post('3', 4000), post('4', 4300)]), [])
    assert.deepEqual(found([post('1', 4000), post('3', 1800), post('4', 1900)]), [])
    assert.deepEqual(found([post('1', 4000, 40), post('2', 4400, 40), post('3', 1800), post('4', 1900)]), [])
    assert.deepEqual(found([post('1', 2400), post('2', 2450), post('3', 900), post('4', 900)]), [])
    assert.deepEqual(found([post('1', 4000), post('2', 4400)]), [])
  })

  test('templates are folders, with numbers as one sign; a hostile address has none, or its own', () => {
    assert.equal(templateOf('https://a.example/'), '/')
    assert.equal(templateOf('https://a.example/about'), '/*')
    assert.equal(templateOf('https://a.example/2026/05/31/tea/'), '/#/#/*')
    assert.equal(templateOf('not an address'), null)
    assert.equal(templateOf('https://a.example/<script>/x'), '/%3Cscript%3E/*')
  })
})

describe('a picture that phones get in desktop size', () => {
  const picture = (given: Partial<SiteFacts['phonePictures'][number]> = {}) =>
    facts({
      phonePictures: [
        {
          url: 'https://a.example/up/large.jpg',
          size: 400_000,
          post: '3',
          phoneViews: 300,
          desktopViews: 80,
          lcp: 3100,
          ...given,
        },
      ],
      postUrls: new Map([['3', 'https://a.example/three/']]),
    })

  test('is found when desktops get the same large file', () => {
    const [finding] = desktopPicture.find(picture())
    assert.match(
      finding?.content.sentence ?? '',
      /large\.jpg in desktop size: the same file of 400\sKB .*300 views on phones and of 80/,
    )
    assert.deepEqual([finding?.effect, finding?.score], [0.75, 225])
    assert.equal(finding?.content.link, 'https://a.example/three/')
  })

  test('is not found with few views, with a small file, or when desktops get another file', () => {
    for (const silent of [{ phoneViews: 99 }, { size: 100_000 }, { desktopViews: 0 }, { desktopViews: 29 }]) {
      assert.deepEqual(desktopPicture.find(picture(silent)), [], JSON.stringify(silent))
    }
  })
})
