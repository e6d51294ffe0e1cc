import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProbedRequest, ProbeResult } from '@peerpress/watch'
import { waterfall } from './waterfall.ts'

const phases = { queue: null, dns: null, connect: null, tls: null, firstByte: null, download: null }
const page: ProbedRequest = {
  url: 'https://blog.example/post?a=b',
  startedAt: 0,
  phases: { ...phases, dns: 100, connect: 100, tls: 200, firstByte: 300, download: 300 },
  status: 200,
  bytes: 12_345,
  from: 'network',
  error: null,
}
const result: ProbeResult = {
  kind: 'http',
  url: page.url,
  at: new Date(0),
  failure: null,
  status: 200,
  durationMs: 1000,
  phases: page.phases,
  tls: { protocol: 'TLSv1.3', expiresAt: new Date('2027-01-02T03:04:05Z') },
  worker: null,
  requests: [page],
}
const draw = (changes: Partial<ProbeResult>) =>
  waterfall({ ...result, ...changes }, { columns: 80, isTerminal: false }).split('\n')

test('a waterfall shows each phase in proportion to its time', () => {
  const [url, summary, , line, legend] = draw({})
  assert.equal(url, 'https://blog.example/post?a=b')
  assert.equal(
    summary,
    'without a browser · status 200 · 1.00 s · 1 request, 12.3 kB · TLSv1.3, certificate until 2027-01-02',
  )
  assert.match(line ?? '', /^200  12\.3 kB {2}\/post\?a=b {2}-{4,5}={4,5}#{8,10}░{13,14}█{13,14} 1\.00 s$/)
  assert.match(legend ?? '', /- DNS {2}= connect {2}# TLS/)
})

test('a waterfall draws later requests further to the right, and the shortest visibly', () => {
  const late = { ...page, url: 'https://cdn.example/a.png', startedAt: 900, phases, from: 'worker' as const }
  const lines = draw({ requests: [page, late] })
  assert.match(lines[4] ?? '', /worker cdn\.example\/a\.png {2} {20,}█ * 0 ms$/)
})

test('a waterfall has no escape of a hostile address, and no line that is too long', () => {
  const hostile = { ...page, url: `https://blog.example/${'x'.repeat(3000)}`, error: '\u{1b}[2J' }
  const lines = draw({ requests: [hostile], url: 'https://blog.example/\u{1b}]0;title\u{7}' })
  // oxlint-disable-next-line no-control-regex -- this is what must not be there
  assert.ok(lines.every((line) => !/[\u0000-\u001f]/.test(line)))
  assert.ok((lines[3]?.length ?? 0) <= 80)
})

test('a waterfall draws a limited number of requests and counts the others', () => {
  const lines = draw({ requests: Array.from({ length: 100 }, () => page) })
  assert.equal(lines.filter((line) => line.startsWith('200')).length, 40)
  assert.ok(lines.includes('… and 60 more requests: --json has them all'))
})

test('a waterfall without a request has its summary', () => {
  const lines = draw({ requests: [], status: null, tls: null })
  assert.match(lines[1] ?? '', /no response · 1\.00 s · 0 requests/)
})
