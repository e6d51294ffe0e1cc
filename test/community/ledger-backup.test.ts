import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { openRegistry } from '@peerpress/registry'
import { openStore } from '@peerpress/store'
import {
  type SeededMember,
  seedMembers,
  seedSharedPost,
  seedViews,
} from '../support/community/seed-members.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const ledgerKey = 'ledger-key.json'

suite('the ledger in a backup', { timeout: 600_000 }, () => {
  let root: string
  let server: ServerProcess
  let voters: readonly SeededMember[]
  let submission: string
  const backup = () => join(root, 'backup')
  const restored = () => join(root, 'restored')

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-ledger-backup-'))
    const data = join(root, 'data')
    const ledgerFile = join(data, ledgerKey)
    const registry = await openRegistry({ directory: join(data, 'registry'), ledgerFile })
    const [author, ...others] = await seedMembers(registry, ['ann', 'bea', 'cat'])
    if (author === undefined) throw new Error('no author')
    voters = others
    submission = await seedSharedPost(registry, author, 'Ten dunes')
    await registry.close()
    const store = await openStore({ directory: join(data, 'store') })
    await seedViews(store, voters)
    await store.close()
    server = await startServerProcess({}, data)
  })
  after(async () => {
    await server.close()
    await rm(root, { recursive: true, force: true })
  })

  const vote = async (at: ServerProcess, { site }: SeededMember) =>
    graphqlClient(at.url, await at.token()).query(
      'mutation($input: PostVoteInput!) { postVote(input: $input) { sharedPost { id } } }',
      { input: { siteId: site, submissionId: submission, value: 'UP' } },
    )
  const verify = async (at: ServerProcess) =>
    peerpress('community', 'verify', '--server', at.url, '--data', at.dataDirectory)
  const upVotesAt = async (at: ServerProcess) => {
    const { feed } = await graphqlClient(at.url, await at.token()).query<{
      feed: { edges: { node: { score: { upVotes: number } } }[] }
    }>('{ feed(first: 1) { edges { node { score { upVotes } } } } }')
    return feed.edges[0]?.node.score.upVotes
  }

  test('its key comes along for its owner alone; the restored server checks it and goes on with it', async () => {
    const [early, late] = voters
    if (early === undefined || late === undefined) throw new Error('no voters')
    await vote(server, early)
    const where = ['--server', server.url, '--data', server.dataDirectory]
    const made = await peerpress('backup', backup(), ...where)
    assert.equal(made.code, 0, made.stderr)
    const file = join(backup(), 'registry', ledgerKey)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    // The server that runs has moved on meanwhile.
    await vote(server, late)
    assert.equal((await verify(server)).code, 0)

    const put = await peerpress('restore', backup(), '--data', restored())
    assert.equal(put.code, 0, put.stderr)
    assert.equal((await stat(join(restored(), ledgerKey))).mode & 0o777, 0o600)
    const { key } = JSON.parse(await readFile(join(restored(), ledgerKey), 'utf8')) as { key: string }
    const own = JSON.parse(await readFile(join(server.dataDirectory, ledgerKey), 'utf8')) as { key: string }
    assert.equal(key, own.key)
    const other = await startServerProcess({}, restored())
    try {
      const checked = await verify(other)
      assert.equal(checked.code, 0, checked.stderr)
      assert.equal(await upVotesAt(other), 1)
      await vote(other, late)
      assert.equal(await upVotesAt(other), 2)
      assert.equal((await verify(other)).code, 0)
    } finally {
      await other.close()
    }
  })

  test('without its key nothing is appended, and the check says which file is missing', async () => {
    await server.stop()
    const file = join(server.dataDirectory, ledgerKey)
    const bytes = await readFile(file)
    await rm(file)
    const alone = await peerpress('community', 'verify', '--data', server.dataDirectory)
    assert.equal(alone.code, 1)
    assert.match(alone.stderr, /ledger-key\.json is missing/)
    await assert.rejects(stat(file), { code: 'ENOENT' })
    assert.ok(bytes.length > 0)
    await server.restart()
    const [, late] = voters
    if (late === undefined) throw new Error('no voters')
    await assert.rejects(vote(server, late))
    await assert.rejects(stat(file), { code: 'ENOENT' })
  })
})
