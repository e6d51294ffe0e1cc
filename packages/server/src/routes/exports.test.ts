import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import express from 'express'
import { sendersOf } from '../entry/senders.testing.ts'
import { OperatorToken } from '../operator-token.ts'
import { exportRoutes } from './exports.ts'

test('an export refuses a range without valid times', { timeout: 60_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-exports-'))
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  const senders = sendersOf(registry, await OperatorToken.open(registry, directory))
  const token = Buffer.from(await registry.secret('operator-token')).toString('hex')
  const { site } = await registry.sites.add({
    url: 'https://blog.example',
    consent: 'assumed',
    allowPrivateAddresses: false,
  })
  const store = { reportsFor: () => assert.fail('a refused range reaches no store') }
  const http = express().use(exportRoutes({ registry, store, senders })).listen(0, '127.0.0.1')
  t.after(async () => {
    http.close()
    http.closeAllConnections()
    await registry.close()
    await rm(directory, { recursive: true })
  })
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  const valid = '2026-05-01T00:00:00Z'
  for (const [from, to] of [
    ['2026-05-01T00:00:00+05', valid],
    [valid, '2026-05-01T00:00:00-11'],
    [valid, '2026-02-31'],
    [valid, 'yesterday'],
    [valid, ''],
  ] as const) {
    const query = new URLSearchParams({ from, to }).toString()
    const response = await fetch(`http://127.0.0.1:${port}/v1/sites/${site.id}/views.parquet?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(response.status, 400, query)
    const problem = (await response.json()) as { code: string; detail: string }
    assert.equal(problem.code, 'invalid')
    assert.match(problem.detail, /2026-05-01T00:00:00Z/)
  }
})
