import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const password = 'correct horse battery'

describe('./peerpress account', { timeout: 300_000 }, () => {
  let server: ServerProcess
  let site: string
  before(async () => {
    server = await startServerProcess()
    site = (await addSite(server, 'http://127.0.0.1:9/')).siteId
  })
  after(() => server.close())

  const account = (...words: readonly string[]) =>
    peerpress('account', ...words, '--server', server.url, '--data', server.dataDirectory)
  /** Runs it with --json and returns what it printed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the words decide the shape
  const result = async (...words: readonly string[]): Promise<any> => {
    const { code, stdout, stderr } = await account(...words, '--json')
    assert.equal(code, 0, stderr)
    assert.equal(stdout.trim().split('\n').length, 1)
    return JSON.parse(stdout) as unknown
  }
  const open = async (link: string, email: string) => {
    const response = await fetch(`${server.url}/account/first`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ token: new URL(link).hash.slice(1), email, name: 'Person', password }),
    })
    return response.status
  }

  test('start prints the first link, and a restart another one until there is an administrator', async () => {
    const links = () => server.printed().flatMap((line) => /http:\S+\/welcome#\S+/.exec(line) ?? [])
    // The last line of a start follows the link.
    const starts = (count: number) =>
      eventually(`start ${count}`, async () => {
        const lines = server.printed().filter((line) => line.includes('Ctrl-C stops'))
        return lines.length === count ? true : undefined
      })
    await starts(1)
    assert.equal(links().length, 1)
    await server.stop()
    await server.restart()
    await starts(2)
    assert.equal(new Set(links()).size, 2)
    assert.equal(await open(links()[0] ?? '', 'first@example.org'), 200)
    await server.stop()
    await server.restart()
    await starts(3)
    assert.equal(links().length, 2)
  })

  test('lets in an administrator and a member, changes the role and closes the account', async () => {
    const { link } = await result('add', 'Ada@example.org')
    assert.match(link, new RegExp(`^${server.url}/welcome#`))
    assert.equal(await open(link, 'ada@example.org'), 200)
    const invited = await result('add', 'bob@example.org', '--site', site, '--role', 'editor')
    assert.equal(await open(invited.link, 'bob@example.org'), 200)
    const roles = async (...words: string[]) =>
      (await result('list', ...words)).map(
        (row: { email: string; role: string }) => `${row.email} ${row.role}`,
      )
    assert.deepEqual(await roles('--site', site), ['bob@example.org editor'])
    assert.deepEqual(await roles(), [
      'first@example.org administrator',
      'ada@example.org administrator',
      'bob@example.org member',
    ])
    await result('role', 'bob@example.org', 'viewer', '--site', site)
    assert.deepEqual(await roles('--site', site), ['bob@example.org viewer'])
    await result('role', 'bob@example.org', 'none', '--site', site)
    assert.deepEqual(await roles('--site', site), [])
    assert.match((await result('reset-sign-in', 'bob@example.org', '--yes')).accountId, /^[a-z0-9]{16}$/)
    const reset = await result('password', 'bob@example.org')
    assert.equal(await open(reset.link, 'bob@example.org'), 200)
    await result('close', 'bob@example.org', '--yes')
    assert.equal((await roles()).length, 2)
  })

  test('makes a token that exports the views of one site, and ends it', async () => {
    const scopes = ['--scope', 'measurement-export']
    const made = await result('token', 'add', 'nightly', '--site', site, ...scopes)
    assert.match(made.secret, /^pp_/)
    const other = (await addSite(server, 'http://127.0.0.1:10/')).siteId
    const statusOf = async (of: string) => {
      const range = 'from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z'
      const headers = { authorization: `Bearer ${made.secret}` }
      const response = await fetch(`${server.url}/v1/sites/${of}/views.parquet?${range}`, { headers })
      await response.arrayBuffer()
      return response.status
    }
    assert.deepEqual([await statusOf(site), await statusOf(other)], [200, 403])
    const [listed] = await result('token', 'list', '--site', site)
    assert.deepEqual(
      [listed.tokenId, listed.name, listed.scopes],
      [made.tokenId, 'nightly', ['REPORT_READ', 'MEASUREMENT_EXPORT']],
    )
    await result('token', 'revoke', made.tokenId)
    assert.equal(await statusOf(site), 401)
  })

  test('lists more sites and tokens than a page of the graph has, oldest first', async () => {
    const client = graphqlClient(server.url, await server.token())
    const many = (await addSite(server, 'http://127.0.0.1:11/')).siteId
    for (let port = 1_000; port < 1_101; port++) await addSite(server, `http://127.0.0.1:${port}/`)
    for (let number = 0; number < 101; number++)
      await client.query(
        'mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { token { tokenId } } }',
        { input: { name: `token ${number}`, siteIds: [many], scopes: ['SEED'] } },
      )
    const where = ['--server', server.url, '--data', server.dataDirectory]
    const listed = await peerpress('site', 'list', '--json', ...where)
    const urls = (JSON.parse(listed.stdout) as { url: string }[]).map(({ url }) => url)
    assert.ok(urls.includes('http://127.0.0.1:9/') && urls.includes('http://127.0.0.1:1100/'))
    const tokens = await result('token', 'list', '--site', many)
    assert.deepEqual([tokens.length, tokens[0].name, tokens[100].name], [101, 'token 0', 'token 100'])
  })

  test('rotates the operator token, which the next command reads from its file', async () => {
    const former = await server.token()
    await result('operator-token', 'rotate')
    assert.notEqual(await server.token(), former)
    await result('list')
  })

  test('misuse and refusals say what to do', async () => {
    for (const [words, code, message] of [
      [[], 2, /say what to do/],
      [['add'], 2, /say what to do/],
      [['add', 'x@example.org', '--role', 'owner'], 2, /name it with --site/],
      [['add', 'x@example.org', '--site', site, '--role', 'king'], 2, /owner, editor, viewer/],
      [['add', 'no address'], 1, /e-mail address/],
      [['add', 'x@example.org', '--site', 'nosuchsite000000', '--role', 'owner'], 1, /no such site/],
      [['close', 'nobody@example.org', '--yes'], 1, /no account/],
      [['token', 'add', 'x'], 2, /--site SITE/],
      [['token', 'add', 'x', '--site', site, '--days', '400'], 2, /1 to 366/],
      [['token', 'add', 'x', '--site', site, '--scope', 'everything'], 1, /TokenScope/],
      [['token', 'revoke', 'nosuchtoken00000'], 1, /no such token/],
    ] as const) {
      const outcome = await account(...words)
      assert.equal(outcome.code, code, `${words.join(' ')}: ${outcome.stderr}`)
      assert.match(outcome.stderr, message)
    }
  })
})
