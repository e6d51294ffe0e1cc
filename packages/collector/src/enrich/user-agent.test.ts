import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf, deviceOf } from './user-agent.ts'

const mozilla = 'Mozilla/5.0'
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const appleWebkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

const table: readonly [browser: string | null, device: string | null, userAgent: string][] = [
  ['Chrome', 'desktop', `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`],
  ['Chrome', 'desktop', `${mozilla} (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/140.0.0.0 Safari/537.36`],
  ['Chrome', 'mobile', `${mozilla} (Linux; Android 10; K) ${webkit} Chrome/140.0.0.0 Mobile Safari/537.36`],
  ['Chrome', 'tablet', `${mozilla} (Linux; Android 10; K) ${webkit} Chrome/140.0.0.0 Safari/537.36`],
  [
    'Chrome',
    'mobile',
    `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${appleWebkit} CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1`,
  ],
  [
    'Edge',
    'desktop',
    `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
  ],
  [
    'Edge',
    'mobile',
    `${mozilla} (Linux; Android 10; HD1913) ${webkit} Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0`,
  ],
  [
    'Edge',
    'mobile',
    `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${appleWebkit} Version/18.0 EdgiOS/139.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    'Opera',
    'desktop',
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/140.0.0.0 Safari/537.36 OPR/121.0.0.0`,
  ],
  [
    'Opera',
    'mobile',
    `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${appleWebkit} Version/18.6 Mobile/15E148 Safari/604.1 OPT/5.6.0`,
  ],
  [
    'Samsung Internet',
    'mobile',
    `${mozilla} (Linux; Android 10; K) ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  ],
  ['Firefox', 'desktop', `${mozilla} (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0`],
  ['Firefox', 'mobile', `${mozilla} (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0`],
  ['Firefox', 'tablet', `${mozilla} (Android 15; Tablet; rv:142.0) Gecko/142.0 Firefox/142.0`],
  [
    'Firefox',
    'tablet',
    `${mozilla} (iPad; CPU OS 15_6 like Mac OS X) ${appleWebkit} FxiOS/142.0 Mobile/15E148 Safari/605.1.15`,
  ],
  [
    'Safari',
    'desktop',
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) ${appleWebkit} Version/18.6 Safari/605.1.15`,
  ],
  [
    'Safari',
    'mobile',
    `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${appleWebkit} Version/18.6 Mobile/15E148 Safari/604.1`,
  ],
  [
    'Safari',
    'tablet',
    `${mozilla} (iPad; CPU OS 12_5 like Mac OS X) ${appleWebkit} Version/12.1 Mobile/15E148 Safari/604.1`,
  ],
  [
    'Samsung Internet',
    'tv',
    `${mozilla} (SMART-TV; LINUX; Tizen 6.5) ${webkit} SamsungBrowser/3.2 Chrome/85.0.4183.93 TV Safari/537.36`,
  ],
  [
    'Chrome',
    'tv',
    `${mozilla} (Web0S; Linux/SmartTV) ${webkit} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`,
  ],
  ['Chrome', 'tv', `${mozilla} (Linux; Android 9; AFTKA) ${webkit} Chrome/120.0.0.0 Mobile Safari/537.36`],
  [
    'Safari',
    'other',
    `${mozilla} (PlayStation; PlayStation 5/2.26) ${appleWebkit} Version/13.0 Safari/605.1.15`,
  ],
  [
    null,
    'mobile',
    `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${appleWebkit} Mobile/15E148 [FBAN/FBIOS;FBAV/526.0]`,
  ],
  [null, 'other', 'curl/8.14.1'],
  [null, null, ''],
]

describe('user agent', () => {
  for (const [browser, device, userAgent] of table) {
    test(`${browser ?? 'no known browser'} on ${device ?? 'nothing known'}: ${userAgent || '(empty)'}`, () => {
      assert.deepEqual([browserOf(userAgent), deviceOf(userAgent)], [browser, device])
    })
  }

  test('a long one with partial matches takes time in proportion to its length', () => {
    const begin = process.cpuUsage()
    for (const part of ['Android ', 'AFT', 'Opera', 'Mobil', 'TV']) {
      const userAgent = part.repeat(100_000)
      browserOf(userAgent)
      deviceOf(userAgent)
    }
    // Other processes do not count.
    const { user } = process.cpuUsage(begin)
    assert.ok(user < 2_000_000, `${user} µs`)
  })
})
