import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import type { Advice } from '../advice/advice.ts'
import { composeDigest, type DigestFacts } from './compose-digest.ts'
import { sendDigests } from './send-digests.ts'

const day = 86_400_000
const start = Date.parse('2026-03-02T06:00:00Z')
const nothing: DigestFacts = {
  briefs: [],
  drafts: [],
  advice: [],
  trials: [],
  since: start,
  page: 'https://p.example',
}
const advice: Advice = {
  kind: 'description-missing',
  post: '12',
  url: 'https://blog.example/12',
  shown: { title: 'Bread', description: null },
  pixels: 0,
  maxPixels: 920,
  sameAs: [],
  proposal: null,
}

describe('the text of a digest', () => {
  test('is nothing if there is nothing to report', () => {
    assert.equal(composeDigest(nothing), null)
  })

  test('has the measured effects of the week with their intervals, each as one line', () => {
    const trial = {
      id: 'aaaaaaaaaaaaaaaa',
      site: 'aaaaaaaaaaaaaaaa',
      kind: 'title-truncated',
      startedBy: 'Ada',
      startedAt: new Date(start),
      endedAt: null,
      rolledBackBy: null,
      rolledBackAt: null,
    }
    const pages = { changed: 12, waiting: 12 }
    const effect = {
      readyAt: new Date(start + day),
      searchVisits: { isEnough: true, effect: 0.204, low: 0.051, high: 0.38, pages },
      engagedTime: { isEnough: false, lacks: 'amount', pages },
    } as const
    const text = composeDigest({ ...nothing, trials: [{ trial, effect }], advice: [advice] }) ?? ''
    assert.match(
      text,
      /^- title truncated: search visits \+20 % \(95 % interval \+5 % to \+38 %\), engaged time unknown, not enough pages$/m,
    )
    assert.match(text, /improve: 1\.\n\nAll of it: https:\/\/p\.example$/)
    const old = { trial, effect: { ...effect, readyAt: new Date(start - day) } }
    assert.equal(composeDigest({ ...nothing, trials: [old] }), null)
  })
})

describe('the digests of an installation', { timeout: 60_000 }, () => {
  let directory: string
  let registry: Registry
  let now = start

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'digest-'))
    registry = await openRegistry({ directory, now: () => now })
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('go once a week to the e-mail channels that asked for one and have not unsubscribed', async () => {
    const url = 'https://blog.example'
    const { site } = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })
    const add = async (kind: 'email' | 'webhook', target: string) =>
      (await registry.channels.add({ site: site.id, kind, target })).channel
    const [asked, other, left, hook] = [
      await add('email', 'ada@blog.example'),
      await add('email', 'grace@blog.example'),
      await add('email', 'left@blog.example'),
      await add('webhook', 'https://blog.example/hook'),
    ]
    assert.equal((await registry.channels.setDigest(asked.id, true))?.hasDigest, true)
    await registry.channels.setDigest(left.id, true)
    await registry.channels.subscribe(left.id, false)
    assert.equal(await registry.channels.setDigest(hook.id, true), null)
    const lastOf = async (id: string) => (await registry.notifications.state(id)).last
    const send = () =>
      sendDigests(
        {
          registry,
          advising: { advice: async () => [advice], effect: async () => assert.fail() },
          publicUrl: () => 'https://peerpress.example',
          now: () => now,
        },
        new AbortController().signal,
      )
    await Promise.all([send(), send()])
    const first = await lastOf(asked.id)
    assert.deepEqual([first?.type, first?.content.incident], ['digest', null])
    assert.match(first?.content.text ?? '', new RegExp(`https://peerpress.example/sites/${site.id}/write$`))
    assert.equal((await registry.notifications.state(asked.id)).pending, 1)
    for (const { id } of [other, left, hook]) assert.equal(await lastOf(id), null)
    now += 5 * day
    await send()
    assert.equal((await lastOf(asked.id))?.id, first?.id)
    now += 2 * day
    await send()
    assert.notEqual((await lastOf(asked.id))?.id, first?.id)
  })
})
