import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openRegistry, type Registry } from '@peerpress/registry'
import { headerOf, startSmtpReceiver } from './notifications/smtp-receiver.testing.ts'

const owner = fileURLToPath(new URL('watch-owner.testing.ts', import.meta.url))

/** Opens the registry for a moment, while no other process has it. */
async function withRegistry<T>(directory: string, use: (registry: Registry) => Promise<T>): Promise<T> {
  const registry = await openRegistry({ directory })
  try {
    return await use(registry)
  } finally {
    await registry.close()
  }
}

suite('a server that is killed', { timeout: 240_000 }, () => {
  const start = (t: TestContext, directory: string, url: string): ChildProcess => {
    const child = spawn(process.execPath, [owner, directory, url], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    return child
  }
  const stop = async (child: ChildProcess) => {
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  }

  test('between a message and its record sends it again under the same id, and never after that', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'peerpress-killed-'))
    t.after(() => rm(directory, { recursive: true, force: true }))
    let child: ChildProcess | null = null
    const receiver = await startSmtpReceiver({
      // The message is here as a whole, and its sender never learns so.
      onMessage: () => {
        child?.kill('SIGKILL')
        child = null
      },
    })
    t.after(() => receiver.close())

    const { site, channel } = await withRegistry(directory, async ({ sites, channels, incidents }) => {
      const input = { url: 'https://blog.example', consent: 'assumed', allowPrivateAddresses: false } as const
      const id = (await sites.add(input)).site.id
      const added = await channels.add({ site: id, kind: 'email', target: 'owner@blog.example' })
      await incidents.apply(id, [
        { type: 'open', symptom: 'lcp', severity: 'page', summary: 'It is slow.', since: new Date() },
      ])
      return { site: id, channel: added.channel.id }
    })

    const killed = start(t, directory, receiver.url)
    child = killed
    const [, signal] = await once(killed, 'exit')
    assert.equal(signal, 'SIGKILL')
    assert.equal(receiver.received.length, 1)

    const second = start(t, directory, receiver.url)
    await receiver.until(2)
    await stop(second)
    await withRegistry(directory, async ({ notifications, incidents }) => {
      const { last, pending } = await notifications.state(channel)
      assert.deepEqual([last?.attempts, last?.sentAt === null, pending], [2, false, 0])
      const [incident] = await incidents.open(site)
      await incidents.apply(site, [{ type: 'resolve', id: incident?.id ?? '', reason: 'It is fast again.' }])
    })

    const third = start(t, directory, receiver.url)
    await receiver.until(3)
    await stop(third)
    const ids = receiver.received.map((mail) => headerOf(mail, 'Message-ID'))
    const subjects = receiver.received.map((mail) => headerOf(mail, 'Subject'))
    assert.deepEqual(subjects, ['Alert: blog.example', 'Alert: blog.example', 'Resolved: blog.example'])
    assert.equal(ids[0], ids[1])
    assert.notEqual(ids[1], ids[2])
  })
})
