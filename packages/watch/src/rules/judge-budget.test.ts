import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgeBudget, type Measured } from './judge-budget.ts'
import type { Timeline } from './timeline.ts'

const minute = 60_000
const hour = 60 * minute
const now = Date.UTC(2026, 4, 4, 12)

/** Intervals that end at `now`, oldest first: `count` of them with the events that `at` gives for how many intervals ago. */
function timeline(
  intervalMs: number,
  count: number,
  at: (ago: number) => readonly [total: number, failed: number],
): Timeline {
  const points = Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index
    const [total, failed] = at(ago)
    return { start: now - (ago + 1) * intervalMs, total, failed }
  })
  return { intervalMs, points }
}

const usual = { noun: 'views', failure: 'had a failed load' }
const measuredWith = (
  minutes: (ago: number) => readonly [number, number],
  hours: (ago: number) => readonly [number, number] = () => [0, 0],
): Measured => ({
  ...usual,
  minutes: timeline(minute, 360, minutes),
  hours: timeline(hour, 72, hours),
})
const accounted = { now, outages: [], paged: [] }

describe('the budget of an objective', () => {
  test('burns fast when views of the last minutes fail', () => {
    const burn = judgeBudget(
      measuredWith((ago) => [1, ago < 20 ? 1 : 0]),
      0.995,
      accounted,
    )
    assert.equal(burn?.rule.burnRate, 14.4)
    assert.equal(burn.severity, 'page')
    assert.equal(burn.since, now - 20 * minute)
    assert.equal(
      burn.summary,
      '20 of 60 views of the last hour had a failed load. The objective of 99.5 % allows 0.5 %; failures are more than 14.4 times as many.',
    )
  })

  test('burns at the middle rate when one view in ten fails for hours', () => {
    const burn = judgeBudget(
      measuredWith((ago) => [1, ago % 10 === 0 ? 1 : 0]),
      0.995,
      accounted,
    )
    assert.equal(burn?.rule.burnRate, 6)
    assert.match(burn.summary, /^36 of 360 views of the last 6 hours/)
  })

  test('burns slowly when failures of days exceed what is allowed', () => {
    const days = (ago: number) => [60, ago % 2] as const
    const burn = judgeBudget(
      measuredWith((ago) => [1, ago % 60 === 0 ? 1 : 0], days),
      0.995,
      accounted,
    )
    assert.equal(burn?.rule.burnRate, 1)
    assert.equal(burn.severity, 'warning')
    assert.match(burn.summary, /of the last 3 days/)
  })

  test('does not burn without views, and not with few failures', () => {
    assert.equal(
      judgeBudget(
        measuredWith(() => [0, 0]),
        0.995,
        accounted,
      ),
      null,
    )
    assert.equal(
      judgeBudget(
        measuredWith((ago) => [1, ago < 2 ? 1 : 0]),
        0.995,
        accounted,
      ),
      null,
    )
  })

  test('does not count what happened while the origin was down', () => {
    const measured = measuredWith((ago) => [1, ago < 20 ? 1 : 0])
    const outages = [{ from: now - 20 * minute, to: Infinity }]
    assert.equal(judgeBudget(measured, 0.995, { ...accounted, outages }), null)
    const shorter = [{ from: now - 10 * minute, to: now - 5 * minute }]
    assert.equal(judgeBudget(measured, 0.995, { ...accounted, outages: shorter })?.long.failed, 15)
  })

  test('does not count failures for days again that have paged', () => {
    const measured = measuredWith(
      (ago) => [1, ago >= 100 && ago < 160 ? 1 : 0],
      (ago) => [60, ago === 2 ? 60 : 0],
    )
    assert.equal(judgeBudget(measured, 0.995, accounted)?.severity, 'warning')
    const paged = [{ from: now - 160 * minute, to: now - 100 * minute }]
    assert.equal(judgeBudget(measured, 0.995, { ...accounted, paged }), null)
  })

  test('ignores events that a wrong clock put into the future', () => {
    const measured = measuredWith((ago) => [1, ago < 20 ? 1 : 0])
    assert.equal(judgeBudget(measured, 0.995, { ...accounted, now: now - hour }), null)
  })
})
