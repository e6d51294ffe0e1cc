import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { openTestApi, readAnswer, senderOf, type TestApi } from './api.testing.ts'
import { createApi } from './create-api.ts'
import { schema } from './schema/schema.ts'
import { mutationCall } from './schema/walk.testing.ts'

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})

suite('a mutation that its sender may not make now', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  /** Sends a document to an API whose dependencies are watched. Returns its answer, and what was used of them. */
  const send = async (body: object, mutationRefusal: string | null) => {
    const used: string[] = []
    const watched = Object.fromEntries(
      Object.entries(opened.sources).map(([name, part]) => [name, watch(part, name, used)]),
    )
    const api = createApi({ ...opened.sources, ...watched })
    // An API takes some of its parts when it is made.
    used.length = 0
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const sender = { ...senderOf('operator'), mutationRefusal }
    const answer = await readAnswer(await api.fetch('http://api.test/graphql', init, { sender }))
    return { ...answer, used, code: answer.errors[0]?.extensions.code }
  }

  test('is refused with the reason before anything is read or changed, whatever it is', async () => {
    assert.ok(mutations.length > 50)
    for (const { name, args } of mutations) {
      const refused = await send({ query: mutationCall(schema, name, () => undefined) }, 'Another page.')
      // A value that the walk cannot know may be no value of its type: then the document is refused before.
      if (refused.code !== 'GRAPHQL_VALIDATION_FAILED') {
        assert.deepEqual([refused.status, refused.code], [403, 'FORBIDDEN'], name)
        assert.equal(refused.errors[0]?.message, 'Another page.')
      }
      assert.deepEqual(refused.used, [], name)
      const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
      const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      if (declared === '') continue
      const query = `mutation(${declared}) { ${name}(${given}) { __typename } }`
      for (const reason of ['Another page.', null]) {
        const { status, code, used } = await send({ query, variables: {} }, reason)
        const expected = reason === null ? [400, 'BAD_USER_INPUT'] : [403, 'FORBIDDEN']
        assert.deepEqual([status, code], expected, name)
        assert.deepEqual(used, [], name)
      }
    }
  })

  test('uses what it needs if it is not refused', async () => {
    const query = 'mutation { siteRemove(input: { siteId: "abcdefgh01234567" }) { __typename } }'
    assert.ok((await send({ query }, null)).used.includes('keeping.removeSite'))
    assert.deepEqual((await send({ query }, 'Another page.')).used, [])
  })
})

/** Records the names of the parts of a dependency that are used. */
function watch(part: unknown, name: string, used: string[]): unknown {
  if (typeof part !== 'object' || part === null) return part
  return new Proxy(part, {
    get: (target, key) => {
      used.push(`${name}.${String(key)}`)
      return Reflect.get(target, key) as unknown
    },
  })
}
