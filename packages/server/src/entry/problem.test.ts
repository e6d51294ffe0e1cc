import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { RegistryError } from '@peerpress/registry'
import express from 'express'
import { problemHandler } from './problem.ts'

test('a refusal has no caching headers of the requested resource', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-problem-'))
  await writeFile(join(directory, 'hashed.js'), 'export {}')
  const http = express()
    .use(express.static(directory, { immutable: true, maxAge: '365d' }))
    .use(problemHandler)
    .listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(async () => {
    http.close()
    http.closeAllConnections()
    await rm(directory, { recursive: true })
  })
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/hashed.js`
  for (const [headers, status] of [
    [{ Range: 'bytes=1000-' }, 416],
    [{ 'If-Match': '"x"' }, 412],
  ] as const) {
    const answer = await fetch(url, { headers })
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    for (const header of ['etag', 'last-modified']) assert.equal(answer.headers.get(header), null)
  }
  assert.equal((await fetch(url)).headers.get('cache-control'), 'public, max-age=31536000, immutable')
})

test('a full disk is no unexpected error: the answer says what to do', async (t) => {
  const log = t.mock.method(console, 'error', () => {})
  const http = express()
    .use(() => {
      throw new RegistryError('disk-full', 'The disk of the records is full.')
    })
    .use(problemHandler)
    .listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(() => http.close())
  const answer = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`)
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  assert.deepEqual(
    [answer.status, answer.headers.get('retry-after'), code, detail],
    [503, '60', 'disk-full', 'The disk of the records is full.'],
  )
  assert.equal(log.mock.callCount(), 1)
})
