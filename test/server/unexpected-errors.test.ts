import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'
const preload = fileURLToPath(new URL('../support/server/throws-on-signal.mjs', import.meta.url))
const server = await startServerProcess({ NODE_OPTIONS: `--import=${preload}` })
after(() => server.close())

/** Where the server's `run`th run listens, from 1. */
function urlOf(run: number): Promise<string> {
  return eventually(`run ${run} of the server`, async () => {
    const urls = server.printed().flatMap((line) => /listens at (http:\S+)/.exec(line)?.[1] ?? [])
    return urls[run - 1]
  })
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

test('an exception and a rejection that nothing handles are logged and counted, and the server drains and starts again', async () => {
  const pid = server.pid()
  assert.ok(pid !== undefined)
  const { siteId } = await addSite(server, `${origin}/`)
  const sent = await postBeacon({ server: server.url, beacon: sampleBeacon(siteId), origin })
  assert.equal(sent.status, 204)

  process.kill(pid, 'SIGUSR2')
  const second = await urlOf(2)
  assert.equal(server.pid(), pid)
  assert.equal(await metric(second, 'peerpress_unexpected_errors_total{kind="exception"}'), 1)
  assert.equal(await metric(second, 'peerpress_restarts_total'), 1)

  process.kill(pid, 'SIGURG')
  const third = await urlOf(3)
  assert.equal(await metric(third, 'peerpress_unexpected_errors_total{kind="exception"}'), 1)
  assert.equal(await metric(third, 'peerpress_unexpected_errors_total{kind="rejection"}'), 1)
  assert.equal(await metric(third, 'peerpress_restarts_total'), 2)

  const printed = server.printed().join('\n')
  assert.match(printed, /Error: thrown by a test/)
  assert.match(printed, /Error: rejected by a test/)
  assert.doesNotMatch(printed, /did not end/)
  // The drain was orderly: the site is still there, and a further beacon of the same view is taken.
  const again = await postBeacon({ server: third, beacon: sampleBeacon(siteId), origin })
  assert.equal(again.status, 204)
})

test('a restarted run builds nothing, and ends on an error that lasts', async () => {
  const data = await mkdtemp(join(tmpdir(), 'peerpress-lasting-'))
  after(() => rm(data, { recursive: true, force: true }))
  await writeFile(join(data, 'restore-incomplete'), '')
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  const env = { ...process.env, PEERPRESS_EARLIER_RUN: '1 0 1 1' }
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [main, 'start', '--port', '0', '--data', data],
      { env, timeout: 60_000 },
      (error, _, printed) => resolve({ code: error?.code, stderr: printed }),
    )
  })
  assert.equal(code, 1)
  assert.match(stderr, /a restore into .+ did not end/)
  assert.doesNotMatch(stderr, /building|starting again/)
})
