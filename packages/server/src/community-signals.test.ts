import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCommunityLedger, createModeration } from '@peerpress/community'
import { createRecordId, ledgerText, openRegistry } from '@peerpress/registry'
import { communitySignals } from './community-signals.ts'

test('reasons of downvotes and texts of reports become signals about the post, the newest first', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-signals-'))
  let now = Date.UTC(2026, 0, 1)
  const registry = await openRegistry({
    directory: join(directory, 'registry'),
    ledgerFile: join(directory, 'ledger.json'),
    now: () => now,
  })
  t.after(async () => {
    await registry.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const ledger = createCommunityLedger({ registry })
  const moderation = createModeration({
    registry,
    ledger,
    now: () => now,
  })
  const submission = createRecordId()
  const url = 'https://author.example/1'
  const { id: site } = (await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false }))
    .site
  const [title, reason] = [ledgerText('A title'), ledgerText('It says nothing of prices.')]
  const proof = (member: string) => ({
    kind: 'proof' as const,
    member,
    body: { site: `site-${member}`, domain: member, accounts: [], keys: [] },
  })
  const about = { url, language: 'de', region: 'AT', topics: [] }
  const post = { id: submission, site, post: '1', ...about }
  const texts = { title: 'A title', summary: '', picture: null }
  await registry.sharedPosts.add({ ...post, ...texts, member: 'author.example' })
  await ledger.append(
    [
      proof('author.example'),
      proof('reader.example'),
      {
        kind: 'submission',
        member: 'author.example',
        body: { ...post, title: title.hash, summary: null, picture: null },
      },
    ],
    [title],
  )
  const vote = { submission, value: 'down' as const, weight: 0, reason: reason.hash }
  await ledger.append([{ kind: 'vote', member: 'reader.example', body: vote }], [reason])
  now += 1000
  await moderation.report({
    member: 'reader.example',
    submission,
    reason: 'misleading',
    text: 'The shop has closed.',
  })
  await moderation.report({ member: 'reader.example', submission, reason: 'other', text: null })

  const said = communitySignals({ registry, moderation })
  const all = await said.signals(site, new Date(0))
  assert.deepEqual(
    all.map(({ kind, post: of, region, text }) => [kind, of, region, text]),
    [
      ['report', '1', 'AT', 'The shop has closed.'],
      ['downvote', '1', 'AT', 'It says nothing of prices.'],
    ],
  )
  assert.deepEqual((await said.signals(site, new Date(now))).length, 1)
  assert.deepEqual(await said.signals('site-reader.example', new Date(0)), [])
})
