import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Metrics, Quantile } from '@peerpress/store'
import type { SiteRegions } from '../regions/site-regions.ts'
import { findAll } from './find.ts'
import type { FindingContent, SiteFacts } from './finding.ts'

const site = 'aaaaaaaaaaaaaaaa'
const quantile = (value: number, { samples = 500, spread = 0.05 } = {}): Quantile => ({
  p: 0.75,
  value,
  low: value * (1 - spread),
  high: value * (1 + spread),
  samples,
  enough: samples >= 30,
  error: 0,
})

interface Given {
  readonly lcp?: Quantile | null
  readonly inp?: Quantile | null
  readonly cls?: Quantile | null
  readonly engagedMs?: Quantile | null
  readonly peerHitRatio?: number | null
  readonly views?: number
}

/** The metrics that rules read. */
function metrics(given: Given): Metrics {
  const { lcp = null, inp = null, cls = null, engagedMs = null, peerHitRatio = null, views = 500 } = given
  return {
    views,
    speed: { lcp, inp, cls },
    engagement: { engagedMs, scrollDepth: null },
    delivery: { peerHitRatio },
  } as unknown as Metrics
}

const regions: SiteRegions = {
  version: 1,
  end: 0,
  state: 'tested',
  weeks: 28,
  season: 'unknown',
  search: null,
  regions: [],
}
const noExperiment = {
  assisted: metrics({ views: 0 }),
  control: metrics({ views: 0 }),
  speed: { lcp: null },
} as unknown as SiteFacts['experiment']

function facts(given: Partial<SiteFacts>): SiteFacts {
  const empty = {
    countries: [],
    posts: [],
    pictures: [],
    phonePictures: [],
    engines: [],
    days: [],
    releases: [],
    postUrls: new Map<string, string>(),
  }
  return { site, regions, ...empty, experiment: noExperiment, ...given }
}
const found = (given: Partial<SiteFacts>) =>
  findAll(facts(given)).map(({ rule, subject, content, ...rest }) => ({
    key: `${rule} ${subject}`,
    content: content as FindingContent,
    ...rest,
  }))
const keys = (given: Partial<SiteFacts>) => found(given).map(({ key }) => key)

test('a site about which nothing is known has no findings', () => {
  assert.deepEqual(findAll(facts({})), [])
})

describe('failing vitals in a country', () => {
  const inCountry = (given: Given) => ({ countries: [{ key: 'BR', metrics: metrics(given) }] })

  test('are found when the whole interval is above good, once for a country, by the worst vital', () => {
    const [finding, ...others] = found(
      inCountry({ lcp: quantile(3000), inp: quantile(600), cls: quantile(0.05) }),
    )
    assert.deepEqual(others, [])
    assert.equal(finding?.key, 'failing-vitals BR')
    assert.match(
      finding.content.sentence,
      /^INP fails in Brazil: 600\sms at the 75th percentile .*good is up to 200\sms/,
    )
    assert.ok(Math.abs(finding.effect - 2 / 3) < 1e-12)
    assert.ok(Math.abs(finding.score - 500 * (2 / 3)) < 1e-9)
  })

  test('are not found with few views, with an interval that reaches good, or without a country', () => {
    assert.deepEqual(keys(inCountry({ lcp: quantile(4000, { samples: 99 }) })), [])
    assert.deepEqual(keys(inCountry({ lcp: quantile(2600, { spread: 0.1 }) })), [])
    assert.deepEqual(keys({ countries: [{ key: null, metrics: metrics({ lcp: quantile(4000) }) }] }), [])
  })
})

describe('a post that readers leave', () => {
  const posts = (engaged: Quantile) => ({
    posts: [
      { key: '1', metrics: metrics({ engagedMs: quantile(60_000) }) },
      { key: '2', metrics: metrics({ engagedMs: quantile(40_000) }) },
      { key: '3', metrics: metrics({ engagedMs: engaged }) },
    ],
    postUrls: new Map([['3', 'https://garden.example/three/']]),
  })

  test('is found when its readers stay less than half as long as those of other posts', () => {
    const [finding, ...others] = found(posts(quantile(10_000)))
    assert.deepEqual([finding?.key, others], ['leaving-post 3', []])
    assert.match(finding?.content.sentence ?? '', /garden\.example\/three\/ early: 10\ss .* against 50\ss/)
    assert.equal(finding?.content.link, 'https://garden.example/three/')
  })

  test('is not found with few views, or when the interval reaches half', () => {
    assert.deepEqual(keys(posts(quantile(10_000, { samples: 99 }))), [])
    assert.deepEqual(keys(posts(quantile(24_000, { spread: 0.1 }))), [])
    const only = [{ key: '3', metrics: metrics({ engagedMs: quantile(1000) }) }]
    assert.deepEqual(keys({ posts: only }), [])
  })
})

describe('a picture too heavy for its place', () => {
  const picture = (size: number, lcp: Quantile) => ({
    pictures: [{ url: 'https://garden.example/a/rose.jpg', size, post: '1', views: metrics({ lcp }) }],
  })

  test('is found when it is the largest element of slow views and weighs more than 200 KB', () => {
    const [finding] = found(picture(800_000, quantile(4000)))
    assert.equal(finding?.key, 'heavy-picture https://garden.example/a/rose.jpg')
    assert.match(
      finding.content.sentence,
      /rose\.jpg is too heavy .* weighs 800\sKB .* 500 views, whose LCP is 4\ss/,
    )
    assert.equal(finding.effect, 0.75)
  })

  test('is not found when it is light, when its views are fast, or with few of them', () => {
    assert.deepEqual(keys(picture(150_000, quantile(4000))), [])
    assert.deepEqual(keys(picture(800_000, quantile(2000))), [])
    assert.deepEqual(keys(picture(800_000, quantile(4000, { samples: 50 }))), [])
  })
})

describe('peers that do not help', () => {
  const experiment = (assisted: Given, difference: object | null = null) => ({
    experiment: {
      assisted: metrics(assisted),
      control: metrics({ lcp: quantile(2000) }),
      speed: { lcp: difference },
    } as unknown as SiteFacts['experiment'],
  })
  const slower = { value: 400, low: 200, high: 600, samples: 900, conclusive: true }

  test('are found when they deliver next to nothing', () => {
    const [finding] = found(experiment({ peerHitRatio: 0.005, views: 1000 }))
    assert.equal(finding?.key, 'idle-peers peers')
    assert.match(finding.content.sentence, /delivered 0\.5\s% of the bytes in 1000 assisted views/)
    assert.equal(finding.effect, 0.75)
  })

  test('are found when pages are slower with them, beyond chance', () => {
    const [finding] = found(experiment({ peerHitRatio: 0.6 }, slower))
    assert.match(finding?.content.sentence ?? '', /LCP is 400\sms higher with them than the 2\ss without/)
    assert.deepEqual(keys(experiment({ peerHitRatio: 0.6 }, { ...slower, conclusive: false })), [])
    assert.deepEqual(
      keys(experiment({ peerHitRatio: 0.6 }, { ...slower, value: -400, low: -600, high: -200 })),
      [],
    )
  })

  test('are not found with few assisted views, or without assets', () => {
    assert.deepEqual(keys(experiment({ peerHitRatio: 0, views: 499 })), [])
    assert.deepEqual(keys(experiment({ peerHitRatio: null })), [])
  })
})

test('findings are ranked by the views that they concern and how far they deviate, with a limit for each rule', () => {
  const countries = Array.from({ length: 30 }, (_, i) => ({
    key: `A${String.fromCodePoint(65 + (i % 26))}${i}`,
    metrics: metrics({ lcp: quantile(3000 + 100 * i, { samples: 200 }) }),
  }))
  const pictures = [
    {
      url: 'https://garden.example/b.png',
      size: 4_000_000,
      post: '1',
      views: metrics({ lcp: quantile(9000) }),
    },
  ]
  const all = found({ countries, pictures })
  assert.equal(all.length, 21)
  assert.equal(all[0]?.key, 'heavy-picture https://garden.example/b.png')
  const scores = all.map(({ score }) => score)
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  )
})
