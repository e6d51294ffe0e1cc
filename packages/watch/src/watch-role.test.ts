import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import { startSmtpReceiver } from './notifications/smtp-receiver.testing.ts'
import { createWatchRole, type WatchRoleOptions } from './watch-role.ts'

suite('the role watch', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let site: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-role-'))
    registry = await openRegistry({ directory })
    const input = { url: 'https://blog.example', consent: 'assumed', allowPrivateAddresses: false } as const
    site = (await registry.sites.add(input)).site.id
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })
  const roleWith = (options: Partial<WatchRoleOptions>) =>
    createWatchRole({
      registry,
      store: { seriesOfSites: () => Promise.resolve(new Map()) },
      mail: null,
      publicUrl: () => 'https://peerpress.example',
      report: () => undefined,
      ...options,
    })

  test('reports that sites were not judged, and judges them at the next start', async () => {
    const reported = Promise.withResolvers<string>()
    const failing = roleWith({
      store: { seriesOfSites: () => Promise.reject(new Error('the engine is away')) },
      report: (problem) => reported.resolve(problem),
    })
    await failing.start()
    assert.match(await reported.promise, /the schedule alerts failed/)
    assert.deepEqual(await failing.health(), {
      ok: false,
      detail: 'sites were not judged: the engine is away',
    })
    await failing.stop(1000)

    const judged = Promise.withResolvers<void>()
    const working = roleWith({
      store: {
        seriesOfSites: () => {
          judged.resolve()
          return Promise.resolve(new Map())
        },
      },
    })
    await working.start()
    await judged.promise
    await working.stop(1000)
  })

  test('sends what was written while no server ran', async (t) => {
    const receiver = await startSmtpReceiver()
    t.after(() => receiver.close())
    const { channel } = await registry.channels.add({ site, kind: 'email', target: 'owner@blog.example' })
    await registry.channels.test(channel.id)
    const role = roleWith({ mail: { url: receiver.url, from: 'alerts@peerpress.example' } })
    await role.start()
    await receiver.until(1)
    await role.stop(1000)
    assert.equal(receiver.received.length, 1)
  })

  test('a start that fails leaves nothing running, and may be repeated', async () => {
    let isBroken = true
    const secret: Registry['secret'] = (name) =>
      isBroken ? Promise.reject(new Error('no secret')) : registry.secret(name)
    const role = roleWith({ registry: { ...registry, secret } })
    await assert.rejects(role.start(), /no secret/)
    isBroken = false
    await role.start()
    await role.stop(1000)
  })
})
