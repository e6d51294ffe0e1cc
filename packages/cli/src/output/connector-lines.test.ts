import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorLines, type ConnectorRow } from './connector-lines.ts'

const row: ConnectorRow = {
  connectorId: 'abcdefgh01234567',
  kind: 'FEED',
  url: 'https://a.example/feed.xml',
  path: null,
  everyMinutes: 15,
  polledAt: null,
  receivedAt: null,
  dueAt: '2026-05-01T00:15:00.000Z',
  error: null,
  failures: 0,
  named: null,
  requested: null,
  problems: [],
}
const polledAt = '2026-05-01T00:00:00.000Z'

test('a connector is shown with how its last use ended, and when the next poll is due', () => {
  const last = (changed: Partial<ConnectorRow>) =>
    connectorLines([{ ...row, ...changed }])
      .split('\n')
      .slice(1, -1)
  assert.deepEqual(last({}), ['    not polled yet, next poll 2026-05-01T00:15:00.000Z'])
  assert.deepEqual(last({ polledAt, requested: 0 }), [
    '    polled 2026-05-01T00:00:00.000Z: nothing changed, 0 read, next poll 2026-05-01T00:15:00.000Z',
  ])
  assert.deepEqual(last({ polledAt, named: 3, requested: 1, problems: ['One was left out.'] }), [
    '    polled 2026-05-01T00:00:00.000Z: 3 pages named, 1 read, next poll 2026-05-01T00:15:00.000Z',
    '    One was left out.',
  ])
  assert.match(
    last({ polledAt, error: 'No feed.', failures: 2 })[0] ?? '',
    /failed 2 times, .*: No feed; next/,
  )
  assert.match(last({ polledAt, error: 'too long', failures: 1 })[0] ?? '', /failed once, .*: too long; next/)
  assert.match(last({ polledAt, named: 1, requested: 1 })[0] ?? '', / 1 page named, 1 read/)
  const webhook = { kind: 'WEBHOOK', url: null, path: '/v1/x', dueAt: null }
  assert.deepEqual(last(webhook), ['    no event yet'])
  assert.deepEqual(last({ ...webhook, receivedAt: polledAt }), [`    last event ${polledAt}`])
})

test('a text of a site does not control the terminal', () => {
  assert.ok(!connectorLines([{ ...row, problems: ['a\u001b[2Jb\u009b'] }]).includes('\u001b'))
})

test('the list of a site without connectors says how to add one', () => {
  assert.match(connectorLines([]), /connector add/)
})
