import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { ask, openTestApi, type TestApi } from './api.testing.ts'
import { makeNamedSite } from './foreign-sites/named-site.testing.ts'
import { makeAccount, signedIn } from './foreign-sites/people.testing.ts'

/** Lists of a site that the database reads page by page, and variants of them: each has its own cursors. */
const siteLists = [
  'posts(ARGS)',
  'posts(ARGS, orderBy: TITLE)',
  'posts(ARGS, search: "example")',
  'incidents(ARGS)',
  'auditEventsConnection(ARGS)',
  'drafts(ARGS)',
  'pageTrials(ARGS)',
  'evidence(ARGS)',
  'evidence(ARGS, region: "FR")',
  'evidence(ARGS, sources: [FINDING])',
  'evidence(ARGS, postId: "12")',
  'membersConnection(ARGS)',
  'tokensConnection(ARGS)',
  'sharedPosts(ARGS)',
  'seedGrants(ARGS)',
  'ownSeeds(ARGS)',
  'offeredSeeds(ARGS)',
  'seedsGave(ARGS)',
  'seedsGave(ARGS, days: 7)',
  'seedsReceived(ARGS)',
]
const rootLists = ['sites(ARGS)', 'accountsConnection(ARGS)', 'auditEventsConnection(ARGS)']

suite('cursors of lists', { timeout: 300_000 }, () => {
  let opened: TestApi
  let administrator: Principal
  const sites: string[] = []
  /** Each list with its query. */
  const lists = new Map<string, string>()

  before(async () => {
    opened = await openTestApi()
    await makeAccount(opened, 'admin@example.org')
    administrator = await signedIn(opened, 'admin@example.org')
    for (const name of ['alpha', 'bravo']) sites.push((await makeNamedSite(opened, name, administrator)).id)
    const beneath = '{ edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }'
    for (const list of rootLists) lists.set(list, `{ list: ${list} ${beneath} }`)
    for (const [i, site] of sites.entries()) {
      for (const list of siteLists) {
        lists.set(`${list} of ${i}`, `{ site(siteId: "${site}") { list: ${list} ${beneath} } }`)
      }
    }
  })
  after(() => opened.close())

  const read = async (query: string, args: string) => {
    const answer = await ask(opened.api, query.replace('ARGS', args), { viewer: administrator })
    const list: Connection | undefined = answer.data?.list ?? answer.data?.site?.list
    return { ...answer, list }
  }

  test('a cursor is accepted by its own list, and refused by every other one', async () => {
    const cursors = new Map<string, string>()
    for (const [name, query] of lists) {
      const { list, errors } = await read(query, 'first: 1')
      assert.deepEqual(errors, [], name)
      assert.ok(list?.pageInfo.endCursor, `${name} has an entry`)
      cursors.set(name, list.pageInfo.endCursor)
    }
    assert.equal(new Set(cursors.values()).size, lists.size)
    for (const [name, query] of lists) {
      for (const [of, cursor] of cursors) {
        const args = of < name ? `first: 1, after: "${cursor}"` : `last: 1, before: "${cursor}"`
        const { status, errors } = await read(query, args)
        const codes = errors.map(({ extensions }) => extensions.code)
        const expected = of === name ? [200, []] : [400, ['BAD_USER_INPUT']]
        assert.deepEqual([status, codes], expected, `${name} with a cursor of ${of}`)
      }
    }
  })

  test('a forged cursor is refused, whatever place it names', async () => {
    for (const [name, query] of lists) {
      const { list } = await read(query, 'first: 1')
      const cursor = list?.pageInfo.endCursor ?? ''
      const [fingerprint, ...place] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[]
      const forge = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
      for (const wrong of [
        'nonsense',
        '',
        `${cursor}=`,
        forge([fingerprint]),
        forge([fingerprint, ...place, 'x']),
        forge([fingerprint, ...place.with(0, "1'; drop table peerpress.site")]),
        forge([fingerprint, ...place.with(0, '9'.repeat(400))]),
        forge([fingerprint, ...place.slice(0, -1), 'a\0']),
        forge([fingerprint, ...place.map(Number)]),
        forge({ fingerprint, place }),
        forge(null),
      ]) {
        const { errors } = await read(query, `first: 1, after: "${wrong}"`)
        assert.deepEqual(
          errors.map(({ extensions }) => extensions.code),
          ['BAD_USER_INPUT'],
          `${name}: ${wrong}`,
        )
      }
    }
  })

  test('a list is the same in either direction, page by page', async () => {
    for (const [name, query] of lists) {
      const whole = (await read(query, 'first: 100')).list?.edges.map(({ cursor }) => cursor)
      for (const isForward of [true, false]) {
        const found: string[] = []
        let args: string | null = isForward ? 'first: 1' : 'last: 1'
        while (args !== null) {
          const { list, errors } = await read(query, args)
          assert.deepEqual(errors, [], name)
          const cursors = list?.edges.map(({ cursor }) => cursor) ?? []
          if (isForward) found.push(...cursors)
          else found.unshift(...cursors)
          const { pageInfo } = list ?? assert.fail(name)
          if (isForward) args = pageInfo.hasNextPage ? `first: 1, after: "${pageInfo.endCursor}"` : null
          else args = pageInfo.hasPreviousPage ? `last: 1, before: "${pageInfo.startCursor}"` : null
        }
        assert.deepEqual(found, whole, name)
      }
    }
  })

  test('a page of no entry or of too many is refused', async () => {
    for (const [name, query] of lists) {
      for (const args of ['first: 0', 'first: 101', 'last: -1', 'first: 1, last: 1']) {
        const { errors } = await read(query, args)
        assert.equal(errors[0]?.extensions.code, 'BAD_USER_INPUT', `${name}: ${args}`)
      }
    }
  })
})

interface Connection {
  readonly edges: readonly { readonly cursor: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}
