import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('the list of posts and the notes of a site', { timeout: 120_000 }, () => {
  let opened: TestApi
  let site: string

  before(async () => {
    opened = await openTestApi()
    const { registry } = opened
    site = (
      await registry.sites.add({
        url: 'https://list.example',
        consent: 'assumed',
        allowPrivateAddresses: false,
      })
    ).site.id
    for (const post of ['a', 'b', 'c', 'd', 'e']) {
      const url = `https://list.example/${post}`
      await registry.posts.record({ site, post, url, version: 1, revoked: false, envelope: '{}', assets: [] })
    }
    const content = { title: 'Zebras', headline: null, description: null, language: null, sections: [] }
    await registry.pageTexts.record({ site, post: 'a', version: 1, url: 'x', failure: null, content })
    await registry.outcomes.record({
      site,
      post: 'a',
      result: 'failed',
      code: 'timeout',
      message: 'too late',
    })
  })
  after(() => opened.close())

  const page = async (args: string) => {
    const text = `{ site(siteId: "${site}") { posts(${args}) {
      edges { node { postId title receipt { result code } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
    return ask(opened.api, text, { viewer: { kind: 'administrator', account: null } })
  }
  const posts = async (args: string) => {
    const { data, errors } = await page(args)
    assert.deepEqual(errors, [])
    const { posts: found } = (data as { site: { posts: Posts } }).site
    return { ids: found.edges.map(({ node }) => node.postId).join(''), ...found }
  }

  test('its pages follow each other in either direction', async () => {
    const first = await posts('first: 2, orderBy: TITLE')
    assert.deepEqual(
      [first.ids, first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage],
      ['bc', true, false],
    )
    const second = await posts(`first: 3, orderBy: TITLE, after: "${first.pageInfo.endCursor}"`)
    assert.deepEqual([second.ids, second.pageInfo.hasNextPage], ['dea', false])
    assert.deepEqual(second.edges.at(-1)?.node.receipt, { result: 'FAILED', code: 'timeout' })
    const back = await posts(`last: 1, orderBy: TITLE, before: "${second.pageInfo.startCursor}"`)
    assert.deepEqual([back.ids, back.pageInfo.hasPreviousPage, back.pageInfo.hasNextPage], ['c', true, true])
    assert.equal((await posts('search: "zeb"')).ids, 'a')
  })

  test('a cursor of another order, a wrong one and a long search are refused', async () => {
    const { pageInfo } = await posts('first: 2, orderBy: TITLE')
    for (const args of [
      `after: "${pageInfo.endCursor}"`,
      'after: "nonsense"',
      'first: 0',
      'first: 1, last: 1',
      `search: "${'x'.repeat(201)}"`,
    ]) {
      const { errors } = await page(args)
      assert.equal(errors[0]?.extensions.code, 'BAD_USER_INPUT', args)
    }
  })

  test('a note is on the report that its time is in, for members alone', async () => {
    const viewer = { kind: 'administrator', account: null } as const
    const at = '2026-05-01T12:00:00Z'
    const call = `mutation { annotationAdd(input: { siteId: "${site}", noteAt: "${at}", note: " Sale " }) {
      annotation { id kind text mayRemove } } }`
    const { data } = await ask(opened.api, call, { viewer })
    const { annotation } = (data as { annotationAdd: { annotation: { id: string } } }).annotationAdd
    assert.deepEqual({ ...annotation, id: '' }, { id: '', kind: 'NOTE', text: 'Sale', mayRemove: true })
    const read = async (reader: Parameters<typeof ask>[2]) => {
      const text = `{ site(siteId: "${site}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
        annotations { kind text } } } }`
      const answer = await ask(opened.api, text, reader)
      return (answer.data as { site: { report: { annotations: unknown[] } } }).site.report.annotations
    }
    assert.deepEqual(await read({ viewer }), [{ kind: 'NOTE', text: 'Sale' }])
    assert.deepEqual(await read({ viewer: { kind: 'reader' } }), [])
    const remove = `mutation { annotationRemove(input: { annotationId: "${annotation.id}" }) { site { siteId } } }`
    assert.deepEqual((await ask(opened.api, remove, { viewer })).errors, [])
    assert.deepEqual(await read({ viewer }), [])
    assert.equal((await ask(opened.api, remove, { viewer })).errors[0]?.extensions.code, 'BAD_USER_INPUT')
  })
})

interface Posts {
  readonly edges: readonly { readonly node: { readonly postId: string; readonly receipt: unknown } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string
    readonly endCursor: string
  }
}
