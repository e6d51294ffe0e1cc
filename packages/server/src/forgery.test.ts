import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type AccountServer,
  type Answer,
  cookieOf,
  password,
  startAccountServer,
} from './account-server.testing.ts'

/** Content types that a browser sends to another origin without a preflight request (Fetch standard). */
const simpleTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']

/** Routes that change something for the session of a browser. */
const bySession = [
  '/account/sign-out',
  '/account/sign-in',
  '/account/first',
  '/account/passkey/begin',
  '/account/passkey/sign-in',
  '/account/passkey/add-begin',
  '/account/passkey/add',
  '/account/provider/begin',
  '/connect',
  '/v1/backup',
  '/graphql',
]

/** Routes whose bodies or addresses hold their own proof, and which ignore cookies. */
const byOwnProof = new Set([
  '/v1/connect',
  '/v1/lending/assignments',
  '/v1/lending/offers',
  '/v1/lending/tickets',
  '/v1/sites/:site/briefs',
  '/v1/sites/:site/connectors/:connector/events',
  '/v1/sites/:site/disconnect',
  '/v1/sites/:site/events',
  '/v1/sites/:site/panel',
  '/v1/sites/:site/policy',
  '/v1/sites/:site/receipts',
])

describe('a request that another page makes a signed-in browser send', { timeout: 300_000 }, () => {
  let accounts: AccountServer
  let cookie: string
  before(async () => {
    accounts = await startAccountServer()
    const token = accounts.server.firstLink?.split('#')[1]
    const first = { token, email: 'first@example.org', name: 'First', password }
    cookie = cookieOf(await accounts.post('/account/first', first))
    assert.notEqual(cookie, '')
  })
  after(() => accounts.close())

  /** Origins of pages that are not this server's own; a form of a sandboxed frame has `null`. */
  const foreignOrigins = () => [
    'https://evil.example',
    'null',
    `http://localhost:${accounts.port + 1}`,
    `${accounts.own}.evil.example`,
  ]
  const typed = (type: string) => (type === '' ? {} : { 'content-type': type })
  const codeOf = ({ json }: Answer): string | undefined => json?.code ?? json?.errors?.[0]?.extensions.code
  const json = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
  }

  test('no mutation of the graph runs', async () => {
    const names = await mutationsOf(accounts, cookie)
    assert.ok(names.length > 50, `${names.length} mutations`)
    for (const [name, document] of names) {
      const body = JSON.stringify({ query: document, variables: {} })
      const send = (headers: Readonly<Record<string, string>>) =>
        accounts.send('/graphql', { method: 'POST', headers: { cookie, ...headers }, body })
      for (const origin of foreignOrigins()) {
        const answer = await send({ ...json, origin })
        assert.deepEqual([answer.status, codeOf(answer)], [403, 'FORBIDDEN'], `${name} from ${origin}`)
      }
      const absent = await send(json)
      assert.deepEqual([absent.status, codeOf(absent)], [403, 'FORBIDDEN'], `${name} without an origin`)
      for (const type of simpleTypes) {
        for (const origin of ['https://evil.example', accounts.own]) {
          const answer = await send({ ...typed(type), origin })
          const expected = [415, 'UNSUPPORTED_MEDIA_TYPE']
          assert.deepEqual([answer.status, codeOf(answer)], expected, `${name} as ${type}`)
        }
      }
      const query = `/graphql?query=${encodeURIComponent(document)}&variables=%7B%7D`
      for (const origin of ['https://evil.example', accounts.own]) {
        const byGet = await accounts.send(query, { headers: { ...json, cookie, origin } })
        assert.deepEqual([byGet.status, codeOf(byGet)], [405, 'BAD_REQUEST'], `${name} by GET`)
      }
      // Its document lacks a variable, so that a request that gets through changes nothing either.
      const own = await send({ ...json, origin: accounts.own })
      assert.deepEqual([own.status, codeOf(own)], [400, 'BAD_USER_INPUT'], `${name} of this server`)
    }
  })

  test('no other route changes anything', async () => {
    for (const path of bySession) {
      for (const type of ['application/json', ...simpleTypes]) {
        for (const origin of foreignOrigins()) {
          const headers = { cookie, origin, ...typed(type) }
          const answer = await accounts.send(path, { method: 'POST', headers, body: bodyOf(path) })
          assert.ok(isRefusal(path, answer), `${path} as ${type} from ${origin}: ${answer.status}`)
          assert.equal(answer.headers['set-cookie'], undefined, path)
        }
        const headers = { cookie, ...typed(type) }
        const answer = await accounts.send(path, { method: 'POST', headers, body: bodyOf(path) })
        assert.ok(isRefusal(path, answer), `${path} as ${type} without an origin: ${answer.status}`)
      }
      // The form of /connect, and the editor of queries, are pages that change nothing.
      if (path === '/connect' || path === '/graphql') continue
      const byGet = await accounts.send(path, { headers: { cookie, accept: 'application/json' } })
      assert.deepEqual([byGet.status, codeOf(byGet)], [404, 'not-found'], `${path} by GET`)
    }
    const { json: still } = await accounts.send('/account', { headers: { cookie } })
    assert.equal(still.principal.name, 'First')
  })

  test('a page of this server gets past these checks', async () => {
    for (const path of bySession) {
      if (path === '/account/sign-out') continue
      const type = path === '/connect' ? 'application/x-www-form-urlencoded' : 'application/json'
      const headers = { cookie, origin: accounts.own, 'content-type': type }
      const { status, json: answer } = await accounts.send(path, {
        method: 'POST',
        headers,
        body: bodyOf(path),
      })
      assert.notEqual(status, 415, path)
      assert.doesNotMatch(String(answer?.code), /foreign-origin|forbidden|FORBIDDEN/, path)
    }
  })

  test('every route that takes a POST request is in one of the two lists', async () => {
    const found = await postPaths()
    assert.ok(found.size > 20, `${found.size} routes`)
    const known = new Set([...bySession, ...byOwnProof])
    assert.deepEqual(
      [...found].filter((path) => !known.has(path)),
      [],
      'a route with a session belongs into bySession; one with a proof of its own into byOwnProof',
    )
  })
})

/** Returns the names of all mutations, each with a document that gets as far as its variables. */
async function mutationsOf(accounts: AccountServer, cookie: string): Promise<(readonly [string, string])[]> {
  const kinds = 'kind name ofType { kind name ofType { name } }'
  const query = `{ graph: __schema { mutationType { fields { name args { name type { ${kinds} } } } } } }`
  const { json } = await accounts.graph(query, { cookie })
  const fields: readonly MutationField[] = json.data.graph.mutationType.fields
  return fields.map(({ name, args }) => {
    const variables = args.map((arg) => `, $${arg.name}: ${arg.type.ofType?.name ?? arg.type.name}!`).join('')
    const values = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
    const given = values === '' ? '' : `(${values})`
    return [
      name,
      `mutation($never: Boolean!${variables}) { ${name}${given} @skip(if: $never) { __typename } }`,
    ] as const
  })
}

interface MutationField {
  readonly name: string
  readonly args: readonly {
    readonly name: string
    readonly type: { readonly name: string | null; readonly ofType: { readonly name: string } | null }
  }[]
}

/** Returns a body with which the route would do its work. */
function bodyOf(path: string): string {
  if (path === '/graphql') return '{"query":"mutation { operatorTokenRotate { rotated } }"}'
  if (path !== '/connect') return '{}'
  return new URLSearchParams({
    url: 'https://forged.example/',
    return: 'https://forged.example/wp-admin/',
    state: 'a-random-state',
    challenge: 'A'.repeat(43),
    consent: 'required',
  }).toString()
}

/** `/connect` refuses with a page for people; all others name a code. */
function isRefusal(path: string, { status, json, text, headers }: Answer): boolean {
  if (path === '/connect') {
    return (status === 400 || status === 403) && headers.location === undefined && text !== ''
  }
  const code: unknown = json?.code ?? json?.errors?.[0]?.extensions.code
  return (status === 403 || status === 415) && typeof code === 'string'
}

/** Reads the paths of POST routes from their sources, with one name for each parameter. */
async function postPaths(): Promise<Set<string>> {
  const folder = join(import.meta.dirname, 'routes')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const paths = new Set<string>()
  for (const file of files) {
    const source = await readFile(join(folder, file), 'utf8')
    for (const [, path = ''] of source.matchAll(/\bpost\(\s*'(\/[^']*)'/g)) paths.add(path)
  }
  return paths
}
