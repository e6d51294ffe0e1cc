import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shutDown } from './shutdown.ts'

/** What a shutdown reported. */
function reports(): {
  readonly texts: string[]
  readonly report: (problem: string, error?: unknown) => void
} {
  const texts: string[] = []
  return {
    texts,
    report: (problem, error) => texts.push(error instanceof Error ? `${problem}: ${error.message}` : problem),
  }
}

const never = () => new Promise<never>(() => undefined)

test('runs every closer in the order of the stages, even if one rejects and one throws', async () => {
  const { texts, report } = reports()
  const closed: string[] = []
  await shutDown(
    [
      {
        until: 60_000,
        closers: [
          { name: 'first', close: () => Promise.reject(new Error('no')) },
          { name: 'second', close: async () => closed.push('second') },
        ],
      },
      {
        until: 60_000,
        closers: [
          {
            name: 'third',
            close: () => {
              throw new Error('never')
            },
          },
        ],
      },
      { until: 60_000, closers: [{ name: 'fourth', close: () => closed.push('fourth') }] },
    ],
    report,
  )
  assert.deepEqual(closed, ['second', 'fourth'])
  assert.deepEqual(texts, ['first did not end in order: no', 'third did not end in order: never'])
})

test('continues with the next stage if a part does not end in time', async () => {
  const { texts, report } = reports()
  const closed: string[] = []
  await shutDown(
    [
      { until: 10, closers: [{ name: 'hung', close: never }] },
      { until: 20, closers: [{ name: 'last', close: () => closed.push('last') }] },
    ],
    report,
  )
  assert.deepEqual(closed, ['last'])
  assert.deepEqual(texts, ['hung did not end in time and is left behind'])
})

test('gives a stage after a late one only the time up to its own deadline', async () => {
  const { texts, report } = reports()
  await shutDown(
    [
      { until: 10, closers: [{ name: 'hung', close: never }] },
      { until: 10, closers: [{ name: 'hung too', close: never }] },
    ],
    report,
  )
  assert.deepEqual(texts, [
    'hung did not end in time and is left behind',
    'hung too did not end in time and is left behind',
  ])
})

test('passes to a closer how long it may take', async () => {
  const { texts, report } = reports()
  const left: number[] = []
  await shutDown(
    [
      { until: 10, closers: [{ name: 'hung', close: never }] },
      { until: 5, closers: [{ name: 'without time', close: (ms) => left.push(ms) }] },
      { until: 60_000, closers: [{ name: 'with time', close: (ms) => left.push(ms) }] },
    ],
    report,
  )
  const [none, some] = left
  assert.equal(none, 0)
  assert.ok(some !== undefined && some > 0 && some < 60_000)
  assert.deepEqual(texts, ['hung did not end in time and is left behind'])
})
