import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Incident } from '@peerpress/registry'
import { objectivesOf } from '../objectives/objective.ts'
import type { Timeline } from '../rules/timeline.ts'
import { judgeSiteBudgets } from './judge-site-budgets.ts'

const minute = 60_000
const now = Date.UTC(2026, 4, 4, 12)

test('an incident that was last seen before the clock was set back ends as soon as views succeed', () => {
  const seenAt = new Date(now + 365 * 24 * 60 * minute)
  const incident = { symptom: 'availability', severity: 'page', seenAt } as Incident
  const stateAt = (total: number, failed: number) => {
    const minutes: Timeline = { intervalMs: minute, points: [{ start: now - minute, total, failed }] }
    const views = {
      noun: 'views',
      failure: 'failed',
      minutes,
      hours: { ...minutes, intervalMs: 60 * minute },
    }
    const [verdict] = judgeSiteBudgets([incident], {
      now,
      objectives: objectivesOf([]),
      measured: { availability: [views], lcp: [] },
      spans: [],
      isOriginDown: false,
    })
    return verdict?.state
  }
  assert.equal(stateAt(100, 0), 'well')
  assert.equal(stateAt(0, 0), 'unclear')
  assert.equal(stateAt(100, 100), 'failing')
})
