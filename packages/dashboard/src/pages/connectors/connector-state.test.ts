import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectorOutcome, lastOutcome } from './connector-state.ts'

const feed: ConnectorOutcome = {
  kind: 'FEED',
  polledAt: '2026-05-01T00:00:00Z',
  receivedAt: null,
  error: null,
  named: 12,
  requested: 1,
}
const outcome = (changed: Partial<ConnectorOutcome>) => lastOutcome({ ...feed, ...changed }, String)

test('says what the last poll named and read', () => {
  assert.equal(outcome({}), '12 pages were named, 1 page was read.')
  assert.equal(outcome({ named: 1, requested: 0 }), '1 page was named, no page was read again.')
  assert.equal(outcome({ named: null, requested: 0 }), 'Nothing had changed. No page was read again.')
  assert.equal(outcome({ named: null, requested: 2 }), 'Nothing had changed. 2 pages were read.')
  assert.equal(outcome({ error: 'It names no page.' }), 'The last poll failed.')
  assert.equal(outcome({ polledAt: null }), 'It has not been polled yet.')
})

test('says whether a webhook works', () => {
  assert.equal(outcome({ kind: 'WEBHOOK', polledAt: null }), 'No valid event has arrived yet.')
  assert.equal(
    outcome({ kind: 'WEBHOOK', receivedAt: '2026-05-01T00:00:00Z' }),
    'Events arrive and are valid.',
  )
})
