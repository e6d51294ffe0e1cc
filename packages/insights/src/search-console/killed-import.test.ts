import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, afterEach, before, describe, test } from 'node:test'
import { googleRow } from './google.testing.ts'
import { openTestSearchConsole, property, type TestSearchConsole } from './search-console.testing.ts'

describe('an import in a process that is killed', { timeout: 300_000 }, () => {
  let opened: TestSearchConsole
  before(async () => {
    opened = await openTestSearchConsole()
  })
  after(() => opened.close())
  afterEach(() => opened.reset())

  test('an import that is killed goes on with the day after the last recorded one, and counts nothing twice', async () => {
    opened.google.rows = (day, dimension) =>
      day < '2026-02-01' || day > '2026-03-05'
        ? []
        : [googleRow(dimension === 'country' ? 'fra' : 'tea', 10, 100)]
    const { searchConsole, site } = await opened.connected()
    await searchConsole.choose(site, property)
    await opened.closeEngines()
    const held = Promise.withResolvers<void>()
    opened.google.intercept = (_request, _response, body) => {
      if (!body.includes('2026-02-20') || !body.includes('"device"')) return false
      // The day's other lists were answered: the process has them in its memory alone.
      held.resolve()
      return true
    }
    const runOnce = () =>
      spawn(
        process.execPath,
        [
          new URL('import.testing.ts', import.meta.url).pathname,
          opened.directory,
          site,
          String(opened.now),
          JSON.stringify(opened.google.endpoints),
        ],
        { stdio: 'inherit' },
      )
    const first = runOnce()
    await held.promise
    first.kill('SIGKILL')
    await once(first, 'exit')
    opened.google.intercept = () => false
    opened.google.queries.length = 0
    const second = runOnce()
    const [code] = (await once(second, 'exit')) as [number]
    assert.equal(code, 0)
    const days = opened.google.queries
      .filter(({ dimensions }) => dimensions[0] === 'page')
      .map((of) => of.startDate)
    assert.equal(days[0], '2026-02-20')
    assert.equal(days.length, 20)
    await opened.openEngines()
    const sums = await opened.sumsOf(site)
    assert.deepEqual([sums.get('total')?.clicks, sums.get('query')?.clicks], [330, 330])
    assert.equal((await opened.registry.searchConnections.get(site))?.problem, null)
  })
})
