import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { createRecordId, type SiteCredentials } from '@peerpress/registry'
import { chunkSizeFor } from '@peerpress/wire'
import { CommunityError, type CommunityErrorCode } from '../community-error.ts'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { createModeration, type Moderation } from './moderation.ts'
import { isHidden, isOpen } from './moderation-case.ts'
import { createRereading, type Rereading } from './rereading.ts'

const hour = 3_600_000
const signal = new AbortController().signal

describe('what decides about shared posts', { timeout: 120_000 }, () => {
  let bench: CommunityBench
  let site: SiteCredentials
  let moderation: Moderation
  let rereading: Rereading
  /** Posts that were requested to be published again. */
  const requested: string[] = []

  before(async () => {
    bench = await openCommunityBench()
    site = await bench.addSite('author.localhost')
    moderation = newModeration()
    rereading = createRereading({
      registry: bench.registry,
      client: bench.client,
      moderation,
      republish: async (_site, post) => requested.push(post),
      now: () => bench.now(),
    })
  })
  after(() => bench.close())

  const newModeration = () =>
    createModeration({
      registry: bench.registry,
      ledger: bench.ledger,
      now: () => bench.now(),
    })

  /** Publishes and shares a post with one picture of these bytes. Its site answers them until `answer` changes that. */
  async function share(post: string, bytes: Buffer) {
    const url = `http://author.localhost:${bench.port}/${post}/`
    const picture = `http://author.localhost:${bench.port}/${post}.png`
    const publish = async (version: number): Promise<void> => {
      const chunkSize = chunkSizeFor(bytes.length)
      const chunks = Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, i) =>
        createHash('sha256')
          .update(bytes.subarray(i * chunkSize, (i + 1) * chunkSize))
          .digest(),
      )
      const hashes = Buffer.concat(chunks)
      const asset = {
        id: createHash('sha256').update(hashes).digest('hex'),
        url: picture,
        type: 'image/png',
        size: bytes.length,
        chunkSize,
        hashes,
        etag: null,
        lastModified: null,
      }
      await bench.registry.posts.record({
        site: site.site.id,
        post,
        url,
        version,
        revoked: false,
        envelope: '{}',
        assets: [asset],
      })
      await bench.registry.outcomes.record({
        site: site.site.id,
        post,
        result: 'published',
        version,
        assets: 1,
        leftOut: [],
      })
    }
    await publish(1)
    const id = createRecordId()
    const texts = { url, title: post, summary: '', language: null, region: null, topics: [], picture: null }
    await bench.registry.sharedPosts.add({
      id,
      site: site.site.id,
      post,
      member: 'author.localhost',
      ...texts,
    })
    let answered: Buffer | null = bytes
    bench.hosts.set('author.localhost', (_request, response) => {
      if (answered === null) response.writeHead(503).end()
      else response.writeHead(200, { 'Content-Type': 'image/png' }).end(answered)
    })
    return {
      id,
      publish,
      answer: (other: Buffer | null) => (answered = other),
      reread: () => rereading.reread({ id, site: site.site.id, post }, signal),
    }
  }

  async function refused(code: CommunityErrorCode, work: Promise<unknown>): Promise<void> {
    await assert.rejects(work, (error) => error instanceof CommunityError && error.code === code)
  }

  test('a post whose media are as its manifest says, or cannot be read, stays', async () => {
    const { id, reread, answer } = await share('honest', Buffer.alloc(200_000, 'honest'))
    assert.equal(await reread(), 'agrees')
    answer(null)
    assert.equal(await reread(), 'agrees')
    assert.deepEqual(requested, [])
    assert.equal(isHidden(await moderation.caseOf(id)), false)
  })

  test('two contradictions an hour apart with a republication between them hide a post, and nothing less does', async () => {
    const { id, reread, answer, publish } = await share('cloaked', Buffer.alloc(200_000, 'shown'))
    answer(Buffer.alloc(200_000, 'other'))
    assert.equal(await reread(), 'suspected')
    assert.equal(requested.at(-1), 'cloaked')
    bench.advance(hour / 2)
    await publish(2)
    assert.equal(await reread(), 'suspected')
    bench.advance(hour)
    assert.equal(await reread(), 'hidden')
    const about = await moderation.caseOf(id)
    assert.deepEqual([isHidden(about), about.decisions[0]?.by], [true, 'rule:contradicted-manifest'])
    const reason = about.decisions[0]?.reason ?? ''
    assert.match((await moderation.texts([reason])).get(reason) ?? '', /cloaked\.png twice/)
    assert.equal(await reread(), 'hidden')
    assert.equal((await moderation.caseOf(id)).decisions.length, 1)
  })

  test('a longer and a shorter body contradict, too; without a republication in between nothing is hidden', async () => {
    const { reread, answer } = await share('cut', Buffer.alloc(200_000, 'whole'))
    answer(Buffer.alloc(200_001, 'whole'))
    assert.equal(await reread(), 'suspected')
    bench.advance(2 * hour)
    answer(Buffer.alloc(199_999, 'whole'))
    assert.equal(await reread(), 'suspected')
  })

  test('a re-read that agrees ends the suspicion', async () => {
    const bytes = Buffer.alloc(1000, 'new')
    const { reread, answer, publish } = await share('edited', bytes)
    answer(Buffer.alloc(1000, 'old'))
    assert.equal(await reread(), 'suspected')
    await publish(2)
    bench.advance(2 * hour)
    answer(bytes)
    assert.equal(await reread(), 'agrees')
    answer(Buffer.alloc(1000, 'odd'))
    assert.equal(await reread(), 'suspected')
  })

  test('due are posts that were not read for a day, and suspected ones after an hour', async () => {
    const due = () =>
      bench.registry.rereads.due({
        before: new Date(bench.now() - 24 * hour),
        contradictedBefore: new Date(bench.now() - hour),
        limit: 10,
      })
    const posts = async () => (await due()).map(({ post }) => post)
    assert.deepEqual(await posts(), ['cloaked', 'cut'])
    bench.advance(hour)
    assert.deepEqual(await posts(), ['cloaked', 'cut', 'edited'])
    bench.advance(24 * hour)
    assert.deepEqual(await posts(), ['cloaked', 'cut', 'edited', 'honest'])
  })

  test('report, hide, appeal, restore: each is a row, and the operator decides', async () => {
    const { id } = await share('reported', Buffer.alloc(1000, 'reported'))
    const reported = await moderation.report({
      member: 'reader.example',
      submission: id,
      reason: 'spam',
      text: 'It is <b>spam</b>.',
    })
    assert.deepEqual([isOpen(reported), isHidden(reported)], [true, false])
    assert.ok((await moderation.queue()).some(({ submission }) => submission === id))
    const decision = { submission: id, by: 'operator' }
    const hidden = await moderation.decide({ ...decision, action: 'hide', reason: 'It is spam.' })
    assert.deepEqual([isOpen(hidden), isHidden(hidden)], [false, true])
    const appealed = await moderation.appeal({
      member: 'author.localhost',
      submission: id,
      text: 'It is not.',
    })
    assert.deepEqual([isOpen(appealed), isHidden(appealed)], [true, true])
    const restored = await moderation.decide({ ...decision, action: 'restore', reason: 'It is not, indeed.' })
    assert.deepEqual([isOpen(restored), isHidden(restored)], [false, false])
    assert.equal(restored.decisions.at(-1)?.appeal, appealed.appeals[0]?.seq)
    // Another server, or this one after a restart, finds the same in the ledger.
    assert.deepEqual(await newModeration().caseOf(id), restored)
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
    const rows = await bench.registry.ledger.read({ limit: 1000, kinds: ['report', 'decision', 'appeal'] })
    const about = rows.filter(({ body }) => JSON.stringify(body).includes(id))
    assert.deepEqual(
      about.map(({ kind }) => kind),
      ['report', 'decision', 'appeal', 'decision'],
    )
  })

  test('a decision notifies the channels of the sites that it concerns, and nobody of a report', async () => {
    const { registry } = bench
    const { site: reporter } = await bench.addSite('reader.localhost')
    const member = 'reader.localhost'
    const identity = {
      site: reporter.id,
      member,
      domain: member,
      skeleton: member,
      method: 'plugin',
    } as const
    await registry.memberSites.record(identity)
    const target = (name: string) => ({ kind: 'email', target: `${name}@mail.example` }) as const
    const own = (await registry.channels.add({ site: site.site.id, ...target('author') })).channel.id
    const others = (await registry.channels.add({ site: reporter.id, ...target('reader') })).channel.id
    const pending = async (channel: string) => {
      const { last, pending: count } = await registry.notifications.state(channel)
      return { count, type: last?.type, text: last?.content.text.split('\n')[0] }
    }
    const { id } = await share('noticed', Buffer.alloc(1000, 'noticed'))
    const report = { member, submission: id, reason: 'spam', text: null } as const
    const decision = { submission: id, by: 'operator', reason: 'Because.' } as const
    await moderation.report(report)
    assert.deepEqual([(await pending(own)).count, (await pending(others)).count], [0, 0])
    // A dismissed report is no news for the author.
    await moderation.decide({ ...decision, action: 'restore' })
    assert.equal((await pending(own)).count, 0)
    assert.deepEqual(await pending(others), {
      count: 1,
      type: 'notice',
      text: "A post that this site reported stays in the community's feed.",
    })
    await moderation.report(report)
    await moderation.decide({ ...decision, action: 'hide' })
    const hidden = await pending(own)
    assert.equal(hidden.count, 1)
    assert.match(hidden.text ?? '', /^The operator of the server has hidden your post/)
    assert.equal((await pending(others)).count, 2)
    await moderation.appeal({ member: 'author.localhost', submission: id, text: 'Please.' })
    await moderation.decide({ ...decision, action: 'restore' })
    assert.match((await pending(own)).text ?? '', /shows your post .* again/)
    // The report was answered before.
    assert.equal((await pending(others)).count, 2)
  })

  test('refuses reports and appeals of the wrong site, of unknown posts, twice, too many, and without a text', async () => {
    const { id } = await share('refusing', Buffer.alloc(1000, 'refusing'))
    const report = { member: 'reader.example', submission: id, reason: 'spam', text: null } as const
    const appeal = { member: 'author.localhost', submission: id, text: 'Please.' }
    await refused('own-post', moderation.report({ ...report, member: 'author.localhost' }))
    await refused('unknown-submission', moderation.report({ ...report, submission: createRecordId() }))
    await refused('invalid-reason', moderation.report({ ...report, text: 'x'.repeat(3000) }))
    await refused('not-hidden', moderation.appeal(appeal))
    await refused(
      'invalid-reason',
      moderation.decide({ submission: id, action: 'hide', reason: ' \0 ', by: 'operator' }),
    )
    await moderation.decide({ submission: id, action: 'hide', reason: 'No.', by: 'operator' })
    await refused('unknown-submission', moderation.appeal({ ...appeal, member: 'reader.example' }))
    await moderation.appeal(appeal)
    await refused('appealed', moderation.appeal(appeal))
    const flood = { ...report, member: 'flood.example' }
    for (let i = 0; i < 20; i++) await moderation.report(flood)
    await refused('too-many-reports', moderation.report(flood))
    bench.advance(25 * hour)
    await moderation.report(flood)
  })

  test('two servers share the limits of reports and appeals, also at the same time and after a restart', async () => {
    const servers = [newModeration(), newModeration()] as const
    const counted = async (work: readonly Promise<unknown>[]) => {
      const results = await Promise.allSettled(work)
      const codes = results.flatMap((result) =>
        result.status === 'fulfilled' ? ['done'] : [(result.reason as CommunityError).code],
      )
      return Object.fromEntries(
        [...Map.groupBy(codes, (code) => code)].map(([code, of]) => [code, of.length]),
      )
    }
    const { id } = await share('shared-limits', Buffer.alloc(1000, 'limits'))
    const report = { member: 'many.example', submission: id, reason: 'spam', text: null } as const
    const reports = Array.from({ length: 24 }, (_, i) => servers[i % 2 === 0 ? 0 : 1].report(report))
    assert.deepEqual(await counted(reports), { done: 20, 'too-many-reports': 4 })
    await refused('too-many-reports', newModeration().report(report))

    await servers[0].decide({ submission: id, action: 'hide', reason: 'No.', by: 'operator' })
    const appeal = { member: 'author.localhost', submission: id, text: 'Please.' }
    const appeals = [0, 1, 2, 3].map((i) => servers[i % 2 === 0 ? 0 : 1].appeal(appeal))
    assert.deepEqual(await counted(appeals), { done: 1, appealed: 3 })
    await refused('appealed', newModeration().appeal(appeal))
  })

  test('decisions that two servers make at once answer an appeal and its reports once, and a rule hides once', async () => {
    const servers = [newModeration(), newModeration()] as const
    const { id } = await share('decided-twice', Buffer.alloc(1000, 'decided'))
    await Promise.all(servers.map((server) => server.hideByRule(id, 'It differs.')))
    assert.equal((await moderation.caseOf(id)).decisions.length, 1)
    const { appeals } = await moderation.appeal({ member: 'author.localhost', submission: id, text: 'No.' })
    const decision = { submission: id, action: 'restore', reason: 'It is fine.', by: 'operator' } as const
    await Promise.all(servers.map((server) => server.decide(decision)))
    assert.deepEqual(
      (await moderation.caseOf(id)).decisions.map((each) => each.appeal),
      [null, appeals[0]?.seq, null],
    )
  })
})
