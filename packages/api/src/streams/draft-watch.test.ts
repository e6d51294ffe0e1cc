import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { DraftState } from '@peerpress/registry'
import { DraftWatch } from './draft-watch.ts'

const interval = 500

function stateOf(characters: number): DraftState {
  const progress = { characters, sections: 0, expectedSections: null, claim: null, gates: 0 }
  return { id: 'one', site: 'site', status: 'writing', progress, refusals: [], error: null, tokens: 0 }
}

/** A watch over one draft, whose queries the test starts. */
function watchOver(first: DraftState) {
  mock.timers.enable({ apis: ['setTimeout'] })
  let stored = first
  let queries = 0
  const states = async () => {
    queries++
    return [stored]
  }
  return {
    watch: new DraftWatch({ states }, interval),
    store: (state: DraftState) => (stored = state),
    queries: () => queries,
    next: async () => {
      mock.timers.tick(interval)
      // The query and what follows it are microtasks.
      await new Promise((resolve) => setImmediate(resolve))
    },
    [Symbol.dispose]: () => mock.timers.reset(),
  }
}

test('a watcher that begins with an older state than the others gets the one that they have', async () => {
  using over = watchOver(stateOf(1))
  const seen: [string, number][] = []
  const follow = (name: string) => (_id: string, state: DraftState | null | Error) => {
    assert.ok(state !== null && !(state instanceof Error))
    seen.push([name, state.progress.characters])
  }
  over.watch.watch([stateOf(1)], follow('first'))
  over.store(stateOf(2))
  await over.next()
  // Read before that, and registered after it.
  over.watch.watch([stateOf(1)], follow('second'))
  await over.next()
  assert.deepEqual(seen.slice(0, 1), [['first', 2]])
  assert.ok(seen.some(([name, characters]) => name === 'second' && characters === 2))
})

test('nothing is read while nobody watches', async () => {
  using over = watchOver(stateOf(1))
  await over.next()
  const stop = over.watch.watch([stateOf(1)], () => undefined)
  await over.next()
  assert.equal(over.queries(), 1)
  stop('one')
  for (let n = 0; n < 3; n++) await over.next()
  assert.equal(over.queries(), 1)
})
