import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobOutcome } from '@peerpress/publisher'
import { watchPublications } from './watch-publications.ts'

test('publications are counted by result; failures and contradictions are logged', () => {
  const listeners: ((outcome: JobOutcome) => void)[] = []
  const notices: string[] = []
  const publisher = {
    onJobDone: (listener: (outcome: JobOutcome) => void) => {
      listeners.push(listener)
      return () => {}
    },
  }
  const watch = watchPublications(publisher, (notice) => notices.push(notice))
  const run = { site: 'site', post: '12', attempt: 0 }
  const published = {
    ...run,
    result: 'published',
    version: 1,
    assets: 0,
    leftOut: [],
    leftOutCounts: {},
    pending: 0,
  } as const
  for (const outcome of [
    published,
    { ...published, contradiction: true },
    { ...run, result: 'failed', code: 'denied', message: 'refused' },
    { ...run, result: 'revoked', version: 2 },
  ] as const)
    for (const listener of listeners) listener(outcome)
  assert.deepEqual(watch.counts(), {
    published: 2,
    unchanged: 0,
    revoked: 1,
    absent: 0,
    failed: 1,
    contradicted: 1,
  })
  assert.equal(notices.length, 2)
  assert.match(notices[0] ?? '', /post 12 of site site .*published again.*copy of the site/)
  assert.match(notices[1] ?? '', /post 12 of site site failed \(denied\), attempt 0: refused/)
})
