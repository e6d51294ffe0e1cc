import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask } from '../api.testing.ts'
import { createApi } from '../create-api.ts'
import { schema } from '../schema/schema.ts'
import { mutationCall, reachableFields } from '../schema/walk.testing.ts'
import { type OpenedStream, openStream } from '../streams/event-stream.testing.ts'
import { candidatesOf } from './candidates.testing.ts'
import { type ForeignSites, openForeignSites } from './foreign-sites.testing.ts'
import { everythingOf, marksOf, queriesOf, subscriptionsOf } from './known-site.testing.ts'

suite('somebody of site B', { timeout: 600_000 }, () => {
  let sites: ForeignSites

  before(async () => {
    sites = await openForeignSites()
  })
  after(() => sites.close())

  test('the walk selects every field that can be reached', () => {
    const { a, b } = sites
    const missing = [...reachableFields(schema)].filter((field) => !a.selected.has(field))
    assert.deepEqual(missing, [])
    const marks = marksOf(a, b)
    for (const mark of [
      'A finding of alpha.',
      'A title of alpha',
      'An approved title of alpha',
      'Evidence of alpha.',
      'upload of alpha',
      'A note of alpha',
      'A question of alpha?',
      'A claim about alpha.',
      'model of alpha',
      'The number of alpha is not there.',
      'Engine of alpha',
      'alpha',
      'owner@alpha.example.org',
      'token of alpha',
      'channel@alpha.example.org',
      'The site alpha does not answer.',
      'https://alpha.example.org/probed',
      'https://alpha.example.org/post/',
      'https://alpha.example.org/sitemap.xml',
    ]) {
      assert.ok(
        marks.some((text) => text.includes(mark)),
        `an administrator reads ${mark}`,
      )
    }
  })

  test('reads nothing of site A, whatever it asks for', async () => {
    const { a, feed, foreigners, opened, reading } = sites
    const marks = sites.secrets()
    for (const [name, principal] of foreigners) {
      for (const { root, text } of queriesOf(a, reading.other)) {
        const answer = await ask(opened.api, text, { viewer: principal })
        const found = JSON.stringify([answer.data ?? null, answer.errors])
        for (const mark of marks) assert.ok(!found.includes(mark), `${name} read ${mark} by ${text}`)
        const isPublic = [...(feed.ids.get('id') ?? [])].some((id) => text.includes(id))
        if (['site', 'node', 'nodes'].includes(root) && !isPublic) {
          assertEmpty(answer.data, `${name}: ${text}`)
        }
      }
    }
  })

  test('reads nothing of site A as a stream', async () => {
    const { a, foreigners, opened, reading } = sites
    const api = createApi(opened.sources)
    const subscriptions = subscriptionsOf(a, reading.other)
    assert.notEqual(subscriptions.length, 0)
    for (const [name, principal] of foreigners) {
      for (const { text } of subscriptions) {
        const unknown = text.replaceAll(/ids: \[[^\]]*\]/g, `ids: ["${globalIdOf('zzzzzzzzzzzzzzzz')}"]`)
        assert.notEqual(unknown, text)
        const [refused, missing] = [
          await openStream(api, { query: text }, principal),
          await openStream(api, { query: unknown }, principal),
        ]
        const [answer, ...more] = await refused.rest()
        assert.deepEqual([answer?.data ?? null, more], [null, []], `${name}: ${text}`)
        assert.deepEqual([refused.status, answer?.errors?.[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
        assert.deepEqual(
          answer?.errors?.map(({ message }) => message),
          await messagesOf(missing),
          name,
        )
      }
    }
    await api.dispose()
  })

  test('changes nothing of site A, and no answer shows whether it exists', async () => {
    const { a, foreigners, opened, reading } = sites
    const earlier = await everythingOf(opened, a, reading)
    const marks = sites.secrets()
    for (const [name, principal] of foreigners) {
      for (const mutation of mutations) {
        const call = mutationCall(schema, mutation, candidatesOf(a, reading.other, mutation))
        const { data, errors } = await ask(opened.api, call, { viewer: principal })
        const isRefused = errors.length > 0 || data?.[mutation]?.userErrors?.length > 0
        assert.ok(isRefused || forTheCaller.has(mutation), `${name} was permitted: ${call}`)
        for (const { extensions } of errors) {
          assert.match(extensions.code, /^(?:FORBIDDEN|BAD_USER_INPUT)$/, `${name}: ${call}`)
        }
        const found = JSON.stringify([data ?? null, errors])
        for (const mark of marks) assert.ok(!found.includes(mark), `${name} read ${mark} by ${call}`)
        if (!mutation.startsWith('site') || mutation === 'siteAdd') continue
        const unknown = call.replaceAll(a.named.id, 'zzzzzzzzzzzzzzzz')
        const other = await ask(opened.api, unknown, { viewer: principal })
        assert.deepEqual(other.errors, errors, `${name} learns that the site exists: ${call}`)
        assert.deepEqual(other.data, data, `${name} learns that the site exists: ${call}`)
      }
    }
    assert.equal(await everythingOf(opened, a, reading), earlier)
  })

  // Without this, a mutation that is refused for its input would never have reached the check of who may call it.
  test('is refused for who it is: an administrator may call every mutation with the same input', async () => {
    const { a, opened, reading } = sites
    const ordered = mutations.toSorted((one, two) => (last.get(one) ?? 0) - (last.get(two) ?? 0))
    for (const mutation of ordered) {
      const named = mutationCall(schema, mutation, candidatesOf(a, reading.other, mutation))
      // Every mutation takes the global id as well.
      const call = named.replaceAll(
        /(siteIds?: \[?)"([^"]*)"/g,
        (_, name: string, id: string) => `${name}"${globalIdOf(id)}"`,
      )
      const { data, errors } = await ask(opened.api, call, { viewer: reading.administrator })
      assert.deepEqual(errors, [], `give the walk a value: ${call}`)
      const problems = data[mutation].userErrors ?? []
      assert.ok(problems.length === 0 || withoutThing.has(mutation), `give the walk a value: ${call}`)
    }
  })
})

async function messagesOf(stream: OpenedStream): Promise<(string | undefined)[]> {
  return (await stream.rest()).flatMap(({ errors = [] }) => errors.map(({ message }) => message))
}

const globalIdOf = (siteId: string): string => Buffer.from(`Site:${siteId}`).toString('base64')

const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})

/** Mutations that concern the caller alone. */
const forTheCaller = new Set([
  'accountPasswordChange',
  'passkeyRename',
  'passkeyRemove',
  'providerUnlink',
  'sessionEnd',
  'sessionsEnd',
])

/** Mutations of things that the walk does not make: links, sessions and other ways to sign in. */
const withoutThing = new Set([
  'accountSignInReset',
  'invitationRevoke',
  'passkeyRemove',
  'passkeyRename',
  'providerUnlink',
  'sessionEnd',
  'viewRemove',
])

/** Mutations that end what others need. */
const last = new Map(
  [
    'moderationDecide',
    'moderationAppeal',
    'communityBan',
    'communityBanAppeal',
    'communityUnban',
    'pageTrialEnd',
    'pageTrialRollBack',
    'reportScheduleRemove',
    'searchConsoleDisconnect',
    'channelRemove',
    'seedGrantRevoke',
    'seedOfferRevoke',
    'communityLeave',
    'memberRoleSet',
    'memberRemove',
    'tokenRevoke',
    'passwordReset',
    'accountClose',
    'siteRemove',
  ].map((name, i) => [name, i + 1]),
)

/** Checks that an answer about another's site has no value at all. */
function assertEmpty(data: unknown, what: string): void {
  if (data == null) return
  for (const value of Object.values(data)) {
    assert.ok(value === null || (Array.isArray(value) && value.every((one) => one === null)), what)
  }
}
