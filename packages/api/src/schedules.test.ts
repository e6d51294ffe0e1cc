import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('schedules', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const query = '{ schedules { name cron startedAt durationMs error succeededAt dueAt } }'

  test('the operator reads how the last run of each schedule ended, a reader does not', async () => {
    const failed = Promise.withResolvers<unknown>()
    const repeat = { name: 'tidy', cron: '0 4 * * *', retries: 0 }
    const run = () => Promise.reject(new Error('no room'))
    await opened.registry.schedules.repeat({ ...repeat, run }, failed.resolve)
    await failed.promise
    const { data } = await ask(opened.api, query)
    const [{ startedAt, durationMs, dueAt, ...rest }] = data.schedules
    assert.deepEqual(rest, { name: 'tidy', cron: '0 4 * * *', error: 'no room', succeededAt: null })
    assert.ok(Date.parse(startedAt) > 0 && durationMs >= 0)
    assert.match(dueAt, /T04:00:00/)
    const { status, errors } = await ask(opened.api, query, { viewer: 'reader' })
    assert.deepEqual([status, errors[0]?.extensions.code], [403, 'FORBIDDEN'])
  })
})
