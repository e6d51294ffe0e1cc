import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Beacon, decodeBeacon, encodeBeacon } from '@peerpress/wire'
import { createSnapshots, type ViewFigures, type ViewStart } from './snapshots.ts'

const start: ViewStart = {
  site: 'abcdefgh01234567',
  post: null,
  view: '00000000-0000-4000-8000-000000000000',
  url: 'https://blog.example/',
  sampling: 1,
  hidden: false,
  navigation: 'navigate',
  referrer: null,
  campaign: null,
  session: null,
  startedAt: 1000,
}
const figures: ViewFigures = {
  arm: 'ineligible',
  connection: null,
  vitals: { lcp: null, inp: null, cls: 0, fcp: 12.5, ttfb: 0 },
  attribution: null,
  load: null,
  timing: null,
  resources: [],
  longFrames: null,
  errors: { scripts: 0, resources: 0, samples: [] },
  actions: { interactions: 0, copies: 0, outbound: 0, downloads: 0 },
  events: [],
  playback: { played: 0, stalled: 0, stalls: 0 },
  delivery: null,
  engagement: { engagedMs: 0, scrollDepth: 0 },
}
const later: ViewFigures = { ...figures, load: 70 }

suite('createSnapshots', () => {
  test("adds the device's sleep to the age, but no correction of its clock", () => {
    let lead = 1_700_000_000_000
    const snapshots = createSnapshots(start, undefined, () => lead)
    const ageAfter = (ahead: number): number | undefined => {
      lead += ahead
      snapshots.update({ ...figures, load: lead })
      return snapshots.next(2000)?.age
    }
    assert.deepEqual([ageAfter(0), ageAfter(30_000), ageAfter(7_200_000)], [1000, 1000, 7_231_000])
    assert.equal(ageAfter(-30_000_000), 1000, 'a clock that was set back')
    assert.equal(ageAfter(30 * 86_400_000), 7 * 86_400_000)
    assert.equal(ageAfter(NaN), 1000, 'a page that broke the clock')
  })

  test('returns complete snapshots that a collector accepts, numbered from 1', () => {
    const snapshots = createSnapshots(start)
    snapshots.update(figures)
    const first = snapshots.next(1500.4)
    assert.ok(first)
    assert.deepEqual(decodeBeacon(encodeBeacon(first)), {
      version: 1,
      site: start.site,
      post: null,
      view: start.view,
      url: start.url,
      sampling: 1,
      hidden: false,
      navigation: 'navigate',
      referrer: null,
      campaign: null,
      session: null,
      sequence: 1,
      age: 500,
      ...figures,
    })
    snapshots.update(later)
    assert.equal(snapshots.next(2000)?.sequence, 2)
  })

  test('returns nothing before there are figures, or if they have not changed', () => {
    const snapshots = createSnapshots(start)
    assert.equal(snapshots.next(1000), null)
    snapshots.update(figures)
    assert.ok(snapshots.next(1001))
    snapshots.update(structuredClone(figures))
    assert.equal(snapshots.next(1002), null)
  })

  test('replaces a lost snapshot by one with a higher number', () => {
    const snapshots = createSnapshots(start)
    snapshots.update(figures)
    snapshots.next(1001)
    assert.equal(snapshots.owes(), false)
    snapshots.lost(1)
    assert.equal(snapshots.owes(), true)
    assert.equal(snapshots.next(1002)?.sequence, 2)
    assert.equal(snapshots.owes(), false)
  })

  test('does not repeat a lost snapshot if a later one is in flight', () => {
    const snapshots = createSnapshots(start)
    snapshots.update(figures)
    snapshots.next(1001)
    snapshots.update(later)
    snapshots.next(1002)
    snapshots.lost(1)
    assert.equal(snapshots.owes(), false)
    assert.equal(snapshots.next(1003), null)
  })

  test('a peek at the next snapshot uses up no number unless the snapshot was sent', () => {
    const snapshots = createSnapshots(start)
    snapshots.update(figures)
    assert.equal(snapshots.peek(1001)?.sequence, 1)
    assert.equal(snapshots.peek(1002)?.sequence, 1)
    snapshots.skip()
    assert.equal(snapshots.next(1003)?.sequence, 2)
    assert.equal(snapshots.peek(1004), null)
  })

  test('sends the beacon that the page returns; null or an error sends nothing and leaves no gap', () => {
    let say = (beacon: Beacon): Beacon | null => ({ ...beacon, url: 'https://blog.example/x' })
    const snapshots = createSnapshots(start, (beacon) => say(beacon))
    snapshots.update(figures)
    assert.equal(snapshots.next(1001)?.url, 'https://blog.example/x')
    snapshots.update(later)
    say = () => null
    assert.equal(snapshots.next(1002), null)
    say = () => {
      throw new Error('from the page')
    }
    assert.equal(snapshots.next(1003), null)
    say = (beacon) => beacon
    assert.equal(snapshots.next(1004)?.sequence, 2)
  })

  test('stops at the highest number that a collector accepts', () => {
    const snapshots = createSnapshots(start)
    let last = 0
    for (let load = 0; load < 10_100; load++) {
      snapshots.update({ ...figures, load })
      last = snapshots.next(1001)?.sequence ?? last
    }
    assert.equal(last, 10_000)
  })

  test('keeps the age within the range that a collector accepts', () => {
    const snapshots = createSnapshots(start)
    snapshots.update(figures)
    assert.equal(snapshots.next(1000 + 30 * 86_400_000)?.age, 7 * 86_400_000)
    snapshots.update(later)
    assert.equal(snapshots.next(0)?.age, 0)
  })
})
