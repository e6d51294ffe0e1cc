import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })
const asset = content.asset.id
const all = Array.from({ length: 40 }, (_, index) => index)

function demandAny(shell: Shell, timeout = Infinity): void {
  const deadline = shell.now + timeout
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 39, deadline, order: 'any' })
}

/** A shell whose demand has just become late, and the chunk that it requested from its only peer. */
function lateShell(): { readonly shell: Shell; readonly asked: number } {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1e9 })
  shell.meet('a', all)
  demandAny(shell, 1500)
  const [request = ''] = shell.takeSent('request')
  shell.wait(1500)
  return { shell, asked: Number(request.slice(2)) }
}

test('requests the rarest chunks first', () => {
  const shell = new Shell([content])
  for (const peer of ['a', 'b']) shell.meet(peer, all)
  shell.meet(
    'c',
    all.filter((index) => index !== 17),
  )
  demandAny(shell)
  assert.ok(shell.takeSent('request').includes('a 17'))
})

test('draws among equally rare chunks, and delivers each once, on arrival', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  demandAny(shell)
  const asked: number[] = []
  const delivered: number[] = []
  for (let round = 0; round < 40; round++) {
    const outputs = shell.take()
    for (const output of outputs) {
      if (output.type === 'deliver') delivered.push(output.index)
      if (output.type === 'send' && output.message.type === 'request') asked.push(output.message.index)
    }
    const next = asked[round]
    if (next !== undefined) shell.give('a', next)
  }
  for (const { index } of shell.takeAll('deliver')) delivered.push(index)
  assert.deepEqual(
    asked.toSorted((a, b) => a - b),
    all,
  )
  assert.notDeepEqual(asked, all)
  assert.deepEqual(delivered, asked)
})

test('requests one chunk at a time from a peer that has sent nothing yet, and two from a proven peer', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  demandAny(shell)
  const [first = ''] = shell.takeSent('request')
  shell.give('a', Number(first.slice(2)))
  assert.equal(shell.takeSent('request').length, 2)
})

test('in a large swarm, fetches its share of the origin budget, chunk by chunk', () => {
  const counts = [100, 1000].map((peers) => {
    const shell = new Shell([content], { originRate: 1000 })
    shell.handle({ type: 'swarm-size', peers })
    shell.meet('a')
    demandAny(shell)
    let fetched = 0
    for (let ms = 0; ms < 7900; ms += 100) {
      for (const { first, last } of shell.takeAll('fetch')) {
        assert.equal(first, last)
        fetched++
        shell.fetched(first)
      }
      shell.wait(100)
    }
    return fetched
  })
  // 1000 bytes/ms ÷ 4096 ÷ 100 peers × 7.9 s is about 19 chunks. With a thousand peers it is a tenth.
  assert.ok((counts[0] ?? 0) > 8 && (counts[0] ?? 0) < 35, `${counts[0]} of 100`)
  assert.ok((counts[1] ?? 0) < 7, `${counts[1]} of 1000`)
})

test('sets no timer for an origin budget that cannot be used while peers hold all missing chunks', () => {
  const shell = new Shell([content], { originRate: 1e9 })
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.meet('a', all)
  demandAny(shell)
  shell.wait(0)
  assert.ok(shell.wakesAt >= shell.now + 500, `wakes in ${shell.wakesAt - shell.now} ms`)
})

test('with two demands, one that needs nothing from the origin leaves the budget to the other', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.meet('a', [1])
  const ask = (demand: number, index: number): void =>
    shell.handle({
      type: 'demand',
      demand,
      asset,
      first: index,
      last: index,
      deadline: Infinity,
      order: 'any',
    })
  ask(1, 0)
  ask(2, 1)
  shell.give('a', 1)
  shell.wait(5000)
  assert.deepEqual(
    shell.takeAll('fetch').map(({ first }) => first),
    [0],
  )
})

test('a demand that needs nothing more from a peer does not block another demand', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 1e9 })
  shell.meet('a', [7])
  const ask = (demand: number, index: number, timeout: number): void => {
    const deadline = shell.now + timeout
    shell.handle({ type: 'demand', demand, asset, first: index, last: index, deadline, order: 'any' })
  }
  ask(1, 0, 10_000)
  ask(2, 7, 20_000)
  assert.deepEqual(shell.takeSent('request'), ['a 7'])
})

test('after eight seconds without a possible request to a peer, fetches chunk after chunk from the origin', () => {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1000 })
  shell.meet('a')
  demandAny(shell)
  shell.wait(7999)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.wait(2)
  for (let chunk = 0; chunk < 40; chunk++) {
    const [fetch] = shell.takeAll('fetch')
    assert.ok(fetch !== undefined)
    shell.fetched(fetch.first)
  }
  assert.deepEqual(shell.takeAll('fetch'), [])
})

test('waits longer in a larger swarm, because a chunk takes longer to cross it', () => {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 2 ** 20 })
  shell.meet('a')
  demandAny(shell)
  shell.wait(15_999)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.wait(2)
  assert.equal(shell.takeAll('fetch').length, 1)
})

test('waits briefly for its first connection in a swarm, and not at all without one', () => {
  const alone = new Shell([content])
  demandAny(alone)
  assert.equal(alone.takeAll('fetch').length, 1)
  alone.take()
  alone.wait(60_000)
  assert.deepEqual(alone.take(), [], 'no more requests')
  const expectant = new Shell([content])
  expectant.handle({ type: 'swarm-size', peers: 1e9 })
  demandAny(expectant)
  expectant.wait(1499)
  assert.deepEqual(expectant.takeAll('fetch'), [])
  expectant.wait(1)
  assert.ok(expectant.takeAll('fetch').length > 0)
})

test('while connections may still come, at most eight chunks of all files are in flight from the origin', () => {
  const other = makeContent({ seed: 2, size: 40 * 4096 })
  const shell = new Shell([content, other])
  const waiting: number[] = []
  const look = (): void => {
    for (const { asset: of, first, last } of shell.takeAll('fetch'))
      for (let index = first; index <= last; index++) if (of === asset) waiting.push(index)
  }
  demandAny(shell)
  shell.handle({
    type: 'demand',
    demand: 2,
    asset: other.asset.id,
    first: 0,
    last: 39,
    deadline: Infinity,
    order: 'any',
  })
  for (let had = 0; had < 32; had++) {
    look()
    assert.equal(waiting.length, 8, `${had} are present`)
    shell.fetched(waiting.shift() ?? NaN)
  }
})

test('when most chunks are present, different peers fetch different missing chunks from the origin', () => {
  const drawn = Array.from({ length: 8 }, (_, i) => {
    const shell = new Shell([content])
    shell.handle({ type: 'swarm-size', peers: i + 2 })
    shell.meet('a', all.slice(0, 32))
    demandAny(shell)
    for (let index = 0; index < 40; index++) {
      const [asked] = shell.takeSent('request')
      if (asked === undefined) break
      shell.give('a', Number(asked.split(' ')[1]))
    }
    shell.wait(8001)
    return shell.takeAll('fetch')[0]?.first
  })
  assert.ok(new Set(drawn).size >= 6, drawn.join(', '))
})

test('peers that join one after the other fetch chunks that are far apart', () => {
  const starts = Array.from({ length: 8 }, (_, i) => {
    const shell = new Shell([content])
    shell.handle({ type: 'swarm-size', peers: i + 2 })
    shell.meet('a')
    demandAny(shell)
    shell.wait(8001)
    return shell.takeAll('fetch')[0]?.first ?? NaN
  }).toSorted((a, b) => a - b)
  const gaps = starts.map((start, i) => (starts[i + 1] ?? (starts[0] ?? 0) + 40) - start)
  assert.ok(Math.min(...gaps) >= 2 && Math.max(...gaps) <= 9, `at ${starts.join(', ')} of 40`)
})

test('past its deadline, fetches chunk after chunk from the origin and continues with its peers', () => {
  const { shell, asked } = lateShell()
  for (let round = 0; round < 3; round++) {
    const outputs = shell.take()
    const fetches = outputs.filter((output) => output.type === 'fetch')
    assert.equal(fetches.length, 1)
    assert.equal(fetches[0]?.first, fetches[0]?.last)
    assert.ok(!outputs.some((output) => output.type === 'send' && output.message.type === 'cancel'))
    shell.fetched(fetches[0]?.first ?? NaN)
  }
  shell.take()
  shell.give('a', asked)
  const outputs = shell.take()
  assert.equal(outputs.filter(({ type }) => type === 'deliver').length, 1)
  assert.equal(
    outputs.filter((output) => output.type === 'send' && output.message.type === 'request').length,
    2,
  )
})

test('reports once that a late demand fell back to the origin', () => {
  const { shell } = lateShell()
  const reports: unknown[] = []
  for (let round = 0; round < 3; round++) {
    const outputs = shell.take()
    for (const output of outputs) if (output.type === 'report') reports.push(output.event)
    const [fetch] = outputs.filter((output) => output.type === 'fetch')
    shell.fetched(fetch?.first ?? NaN)
  }
  assert.deepEqual(
    reports.filter((event) => (event as { kind: string }).kind === 'fallback'),
    [{ kind: 'fallback', demand: 1 }],
  )
})

test('measures lateness by the number of chunks, so that the origin is not used while peers keep pace', () => {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1e9 })
  shell.meet('a', all)
  const deadline = shell.now + 1000
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 39, deadline, pace: 100, order: 'any' })
  let asked: string[] = []
  const give = (): void => {
    const outputs = shell.take()
    assert.ok(!outputs.some(({ type }) => type === 'fetch'))
    for (const output of outputs)
      if (output.type === 'send' && output.message.type === 'request') asked.push(`${output.message.index}`)
    const [next, ...others] = asked
    asked = others
    shell.give('a', Number(next))
  }
  for (let chunk = 0; chunk < 10; chunk++) give()
  // Ten chunks are present at 0 ms. The eleventh is due 1000 + 10 × 100 ms after the demand.
  shell.wait(1999)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.wait(1)
  assert.equal(shell.takeAll('fetch').length, 1)
})

test('leaves late chunks to its peers if the origin cannot provide them', () => {
  const { shell, asked } = lateShell()
  for (let failed = 0; failed < 39; failed++) {
    const [fetch] = shell.takeAll('fetch')
    assert.ok(fetch !== undefined, `${failed} failed`)
    shell.handle({ type: 'fetch-failed', asset, first: fetch.first, last: fetch.last })
  }
  assert.deepEqual(shell.take(), [], 'neither another request nor a failed demand')
  shell.give('a', asked)
  assert.equal(shell.takeAll('deliver').length, 1)
})

test('also fetches the last chunks of a late demand from the origin if peers are slow, one at a time', () => {
  const few = makeContent({ size: 3 * 2 ** 16, chunkSize: 2 ** 16 })
  const shell = new Shell([few], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1e9 })
  const order = { asset: few.asset.id, order: 'any', deadline: shell.now + 700 } as const
  for (const [index, peer] of ['a', 'b', 'c'].entries()) shell.meet(peer, [index])
  shell.handle({ type: 'demand', demand: 1, first: 0, last: 2, ...order })
  for (const part of [0, 1]) {
    shell.wait(300)
    for (const [index, peer] of ['a', 'b', 'c'].entries())
      shell.frame(peer, index, { start: part * 2 ** 14, end: (part + 1) * 2 ** 14 })
  }
  shell.take()
  shell.wait(100)
  const [hedged] = shell.takeAll('fetch')
  assert.ok(hedged !== undefined)
  shell.wait(100)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.fetched(hedged.first)
  const outputs = shell.take()
  assert.ok(outputs.some((output) => output.type === 'send' && output.message.type === 'cancel'))
  assert.equal(outputs.filter(({ type }) => type === 'fetch').length, 1, 'the next chunk')
})

test('fails if the origin cannot provide a chunk that no peer holds', () => {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1000 })
  shell.meet('a')
  demandAny(shell)
  shell.wait(8001)
  const [fetch] = shell.takeAll('fetch')
  assert.ok(fetch !== undefined)
  shell.handle({ type: 'fetch-failed', asset, first: fetch.first, last: fetch.last })
  assert.deepEqual(shell.take(), [{ type: 'demand-failed', demand: 1 }])
})

test('stops requesting a chunk that the origin cannot provide and whose only peer is always busy', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 2 })
  shell.meet('a', [0])
  demandAny(shell)
  let refused = 0
  for (let isWaiting = true; isWaiting; shell.wait(100)) {
    for (const output of shell.take()) {
      if (output.type === 'demand-failed') isWaiting = false
      if (output.type === 'fetch') {
        for (let { first } = output; first <= output.last; first++) {
          if (first === 0) shell.handle({ type: 'fetch-failed', asset, first, last: first })
          else shell.fetched(first)
        }
      }
      if (output.type !== 'send' || output.message.type !== 'request') continue
      assert.ok(++refused < 100, 'it repeats its request for ever')
      shell.receive('a', { type: 'reject', asset, index: output.message.index, reason: 'busy' })
    }
  }
})

test('fetches from the origin if the only holder owes too many responses', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 2 })
  shell.meet('a', all)
  // Sixteen demands are requested from it and cancelled. It never responds.
  for (let demand = 2; demand < 18; demand++) {
    shell.demand(demand, demand, demand)
    shell.handle({ type: 'demand-ended', demand })
  }
  shell.take()
  demandAny(shell)
  assert.deepEqual(shell.takeSent('request'), [])
  const fetched = new Set<number>()
  for (let waited = 0; waited < 1000 && fetched.size < 40; waited++) {
    for (const { first } of shell.takeAll('fetch')) {
      fetched.add(first)
      shell.fetched(first)
    }
    shell.wait(1000)
  }
  assert.equal(fetched.size, 40)
})

/** Returns a late demand whose peer sends a chunk every 250 ms. Its first chunk from the origin took `originMs`. */
function filledShell(originMs: number): { readonly shell: Shell; readonly countFetches: () => number } {
  const shell = new Shell([content], { originRate: 1e-3 })
  shell.handle({ type: 'swarm-size', peers: 1e9 })
  shell.meet('a', all)
  demandAny(shell, 1500)
  const requested: number[] = []
  let fetched: number | undefined
  const countFetches = (): number => {
    const outputs = shell.take()
    for (const output of outputs)
      if (output.type === 'send' && output.message.type === 'request') requested.push(output.message.index)
    const fetches = outputs.filter((output) => output.type === 'fetch')
    fetched ??= fetches[0]?.first
    return fetches.length
  }
  const giveFor = (time: number): void => {
    for (let left = time; left > 0; left -= 250) {
      countFetches()
      const next = requested.shift()
      if (next !== undefined) shell.give('a', next)
      shell.wait(Math.min(250, left))
    }
  }
  giveFor(1500)
  giveFor(originMs)
  assert.ok(fetched !== undefined, 'the origin was asked once')
  shell.fetched(fetched)
  return { shell, countFetches }
}

test('past its deadline, leaves an origin that is slower than its peers to others', () => {
  const { shell, countFetches } = filledShell(1500)
  assert.equal(countFetches(), 0)
  // Without another chunk, the average falls below three times the origin's rate. The next check is within 0.5 s.
  shell.wait(1900)
  assert.equal(countFetches(), 1)
})

test('past its deadline, goes on at an origin that is faster than its peers', () => {
  const { countFetches } = filledShell(50)
  assert.equal(countFetches(), 1)
})
