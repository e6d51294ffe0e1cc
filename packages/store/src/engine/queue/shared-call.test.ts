import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../../store-error.ts'
import { SharedCall } from './shared-call.ts'

function opened() {
  const { promise, resolve } = Promise.withResolvers<string>()
  let signal: AbortSignal | undefined
  const call = new SharedCall((abandoned) => {
    signal = abandoned
    return promise
  })
  return { call, resolve, isAborted: () => signal?.aborted }
}

const isAborted = (error: unknown) => error instanceof StoreError && error.code === 'aborted'

test('the others get their result when one caller leaves', async () => {
  const { call, resolve, isAborted: isCallAborted } = opened()
  const leaving = new AbortController()
  const left = call.wait(leaving.signal)
  const stays = call.wait()
  leaving.abort()
  await assert.rejects(left, isAborted)
  assert.equal(isCallAborted(), false)
  resolve('answer')
  assert.equal(await stays, 'answer')
  assert.equal(call.isAbandoned, false)
})

test('the call is aborted when all callers have left', async () => {
  const { call, isAborted: isCallAborted } = opened()
  const [one, other] = [new AbortController(), new AbortController()]
  const waiting = [call.wait(one.signal), call.wait(other.signal)]
  one.abort()
  await assert.rejects(waiting[0] ?? Promise.resolve(), isAborted)
  assert.equal(isCallAborted(), false)
  other.abort()
  await assert.rejects(waiting[1] ?? Promise.resolve(), isAborted)
  assert.equal(isCallAborted(), true)
  assert.equal(call.isAbandoned, true)
})
