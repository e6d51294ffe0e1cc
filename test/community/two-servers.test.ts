import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { openRegistry } from '@peerpress/registry'
import {
  findPostgres,
  postgresMissing,
  type PostgresServer,
  startPostgres,
} from '@peerpress/registry/testing'
import { openStore } from '@peerpress/store'
import {
  type SeededMember,
  seedMembers,
  seedSharedPost,
  seedViews,
} from '../support/community/seed-members.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const day = 86_400_000
const programs = findPostgres()
const ledgerKey = 'ledger-key.json'

suite(
  'two servers of one community',
  { timeout: 600_000, skip: programs === null && postgresMissing },
  () => {
    let root: string
    let postgres: PostgresServer
    let servers: readonly [ServerProcess, ServerProcess]
    let url: string
    let submission: string
    let authors: readonly SeededMember[]
    /** Three that vote at the first server, and three at the second. */
    let voters: readonly SeededMember[]

    before(async () => {
      root = await mkdtemp(join(tmpdir(), 'peerpress-two-'))
      postgres = await startPostgres(programs ?? '')
      url = postgres.createDatabase()
      const data = [join(root, 'first'), join(root, 'second')] as const
      const now = () => Date.now() - 15 * day
      const registry = await openRegistry({ url, ledgerFile: join(root, ledgerKey), now })
      authors = await seedMembers(registry, ['ann', 'bea'])
      voters = await seedMembers(registry, ['cat', 'dan', 'eli', 'fay', 'gus', 'hal'])
      const [author] = authors
      if (author === undefined) throw new Error('no author')
      submission = await seedSharedPost(registry, author, 'Ten dunes')
      await registry.close()
      for (const directory of data) {
        const store = await openStore({ directory: join(directory, 'store') })
        await seedViews(store, voters)
        await store.close()
        await copyFile(join(root, ledgerKey), join(directory, ledgerKey))
      }
      const environment = { PEERPRESS_POSTGRES_URL: url }
      servers = [
        await startServerProcess(environment, data[0]),
        await startServerProcess(environment, data[1]),
      ]
    })
    after(async () => {
      for (const server of servers) await server.close()
      await postgres.stop()
      await rm(root, { recursive: true, force: true })
    })

    const clientOf = async (server: ServerProcess) => graphqlClient(server.url, await server.token())
    const vote = async (server: ServerProcess, { site }: SeededMember, value = 'UP') => {
      const client = await clientOf(server)
      await client.query(
        'mutation($input: PostVoteInput!) { postVote(input: $input) { sharedPost { id } } }',
        {
          input: { siteId: site, submissionId: submission, value },
        },
      )
    }
    const scoreAt = async (server: ServerProcess) => {
      const { feed } = await (
        await clientOf(server)
      ).query<{ feed: { edges: { node: { score: { upVotes: number; upWeight: number; hot: number } } }[] } }>(
        '{ feed(first: 5) { edges { node { score { upVotes upWeight hot } } } } }',
      )
      return feed.edges[0]?.node.score
    }
    const checkAt = async (server: ServerProcess) => {
      const { ledgerCheck } = await (
        await clientOf(server)
      ).query<{ ledgerCheck: { rows: number; problems: { edges: unknown[] } } }>(
        '{ ledgerCheck { rows problems { edges { node { seq problem } } } } }',
      )
      assert.deepEqual(ledgerCheck.problems.edges, [])
      return ledgerCheck.rows
    }

    test('votes at both at the same time are in one order, one chain and one rank', async () => {
      const rowsBefore = await checkAt(servers[0])
      await Promise.all(
        voters.slice(0, 4).map((voter, index) => vote(servers[index % 2 === 0 ? 0 : 1], voter)),
      )
      const scores = await Promise.all(servers.map(scoreAt))
      assert.equal(scores[0]?.upVotes, 4)
      assert.equal(scores[0].upWeight, 2)
      assert.deepEqual(scores[1], scores[0])
      assert.deepEqual(await Promise.all(servers.map(checkAt)), [rowsBefore + 4, rowsBefore + 4])
      for (const server of servers) {
        assert.match(await (await fetch(`${server.url}/community/feed.xml`)).text(), /Ten dunes/)
      }
    })

    test('what one answered before kill -9 is at the other, once, and the killed one goes on with it', async () => {
      const [first, second] = servers
      const [early, late] = voters.slice(4)
      if (early === undefined || late === undefined) throw new Error('no voters are left')
      await vote(first, early)
      // It is killed while this vote is under way: it counts or not, as a whole.
      const underWay = vote(first, late).then(
        () => true,
        () => false,
      )
      await first.kill()
      const isAnswered = await underWay
      const { upVotes = 0 } = (await scoreAt(second)) ?? {}
      assert.ok(upVotes === 6 || (upVotes === 5 && !isAnswered), `${upVotes} votes`)
      await vote(second, late)
      assert.equal((await scoreAt(second))?.upVotes, 6)
      const rows = await checkAt(second)
      await first.restart()
      assert.deepEqual(await scoreAt(first), await scoreAt(second))
      assert.equal(await checkAt(first), rows)
      // A vote that is cast again as it is adds no row.
      await vote(first, late)
      assert.equal(await checkAt(second), rows)
    })

    test('a report at one server is in the queue of the other, whose decision holds for both', async () => {
      const [first, second] = servers
      const [, other] = authors
      await (
        await clientOf(first)
      ).query('mutation($input: PostReportInput!) { postReport(input: $input) { case { submissionId } } }', {
        input: { siteId: other?.site, reportedId: submission, reason: 'SPAM' },
      })
      const queue = '{ moderationQueue(first: 5) { edges { node { submissionId } } } }'
      const { moderationQueue } = await (
        await clientOf(second)
      ).query<{ moderationQueue: { edges: { node: { submissionId: string } }[] } }>(queue)
      assert.deepEqual(
        moderationQueue.edges.map(({ node }) => node.submissionId),
        [submission],
      )
      const decide = async (server: ServerProcess, action: string) =>
        (await clientOf(server)).query(
          'mutation($input: ModerationDecideInput!) { moderationDecide(input: $input) { case { isHidden } } }',
          { input: { submissionId: submission, action, text: 'Read.' } },
        )
      const shown = await scoreAt(first)
      await decide(second, 'HIDE')
      assert.deepEqual([await scoreAt(first), await scoreAt(second)], [undefined, undefined])
      assert.equal((await fetch(`${first.url}/community/posts/${submission}`)).status, 410)
      await decide(first, 'RESTORE')
      assert.deepEqual([await scoreAt(first), await scoreAt(second)], [shown, shown])
    })
  },
)
