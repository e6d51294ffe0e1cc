import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { checkSchedules } from './check-schedules.ts'

const now = Date.UTC(2026, 5, 1, 12)

/** Checks a server that answers every request with this body. */
async function check(t: TestContext, status: number, body: object) {
  const server = createServer((request, response) => {
    assert.equal(request.headers.authorization, 'Bearer secret')
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  })
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return checkSchedules({ url, token: 'secret' }, now)
}

const schedule = { name: 'rollups', error: null as string | null, dueAt: null as string | null }

test('schedules that succeeded, are in time, or have not run yet are no problem', async (t) => {
  const inTime = { ...schedule, name: 'removals', dueAt: '2026-06-01T11:07:00.000Z' }
  const found = await check(t, 200, { data: { schedules: [schedule, inTime] } })
  assert.deepEqual(found, { state: 'ok', detail: '2 schedules, all in time' })
})

test('a failed schedule and an overdue one are problems', async (t) => {
  const failed = { ...schedule, error: 'no memory' }
  const late = { ...schedule, name: 'removals', dueAt: '2026-06-01T10:59:00.000Z' }
  assert.deepEqual(await check(t, 200, { data: { schedules: [failed, late] } }), {
    state: 'problem',
    detail: 'rollups failed the last time: no memory; removals has been due since 2026-06-01T10:59:00.000Z',
  })
})

test('a server that does not know schedules, or is not there, is skipped', async (t) => {
  const { state } = await check(t, 400, { errors: [{ message: 'Cannot query field "schedules"' }] })
  assert.equal(state, 'skipped')
  const nobody = await checkSchedules({ url: 'http://127.0.0.1:1', token: 'secret' }, now)
  assert.equal(nobody.state, 'skipped')
})
