import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { beginStream, sendText, startEndpoint, streamText } from '@peerpress/editorial/testing'
import { PeerKey } from '@peerpress/peer'
import { openRegistry } from '@peerpress/registry'
import {
  findPostgres,
  postgresMissing,
  type PostgresServer,
  startPostgres,
} from '@peerpress/registry/testing'
import { encodeBeacon, type TrackerServerMessage } from '@peerpress/wire'
import { sampleBeacon } from '../support/data/sample-beacon.ts'
import { eventually } from '../support/eventually.ts'
import { openDraftProgress } from '../support/server/draft-progress.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { ryeDraft, seedBrief } from '../support/server/seed-draft.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { StaticSite } from '../support/server/static-site.ts'

const programs = findPostgres()

suite(
  'roles that are split over two servers of one PostgreSQL',
  { timeout: 300_000, skip: programs === null && postgresMissing },
  () => {
    let root: string
    let postgres: PostgresServer
    let url: string
    let site: StaticSite
    let siteId: string
    /** Has the tracker and the collector, and writes drafts. */
    let readers: ServerProcess
    let rest: ServerProcess

    before(async () => {
      root = await mkdtemp(join(tmpdir(), 'peerpress-split-'))
      postgres = await startPostgres(programs ?? '')
      url = postgres.createDatabase()
      site = await new StaticSite().start()
      const start = (roles: string) =>
        startServerProcess(
          { PEERPRESS_POSTGRES_URL: url, PEERPRESS_ROLES: roles },
          join(root, roles.slice(0, 4)),
        )
      rest = await start('publisher,api,upkeep,watch,community')
      readers = await start('collector,tracker,editorial')
      siteId = (
        await query<{ siteAdd: { site: { siteId: string } } }>('siteAdd', 'site { siteId }', {
          url: site.origin,
          mode: 'FULL',
          consent: 'ASSUMED',
          allowPrivateAddresses: true,
        })
      ).siteAdd.site.siteId
    })
    after(async () => {
      await Promise.all([rest.close(), readers.close()])
      await site.close()
      await postgres.stop()
      await rm(root, { recursive: true, force: true })
    })

    const query = async <Data>(mutation: string, selection: string, input: object): Promise<Data> => {
      const client = graphqlClient(rest.url, await rest.token())
      const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
      return client.query<Data>(
        `mutation($input: ${name}!) { ${mutation}(input: $input) { ${selection} } }`,
        { input },
      )
    }
    const ticketOf = (server: ServerProcess, post: string) =>
      fetch(`${server.url}/v1/ticket?site=${siteId}&post=${post}`, { headers: { origin: site.origin } })

    test('each answers the routes of its own roles, is ready, and says who does not see its measurements', async () => {
      const body = encodeBeacon(sampleBeacon(siteId, { url: `${site.origin}/` }))
      const statusOf = async (server: ServerProcess) => {
        const headers = { 'content-type': 'text/plain', origin: site.origin }
        const beacon = await fetch(`${server.url}/v1/beacon`, { method: 'POST', headers, body })
        const graph = await fetch(`${server.url}/graphql`, { method: 'POST' })
        const ready = await fetch(`${server.url}/readyz`)
        return [beacon.status, graph.status === 404 ? 404 : 'graph', ready.status]
      }
      assert.deepEqual(await statusOf(readers), [204, 404, 200])
      assert.deepEqual(await statusOf(rest), [404, 'graph', 200])
      for (const server of [readers, rest]) {
        assert.match(server.printed().join('\n'), /no other server of its PostgreSQL has them/)
      }
    })

    test('a post that one publishes has readers at the other, until its site admits none', async () => {
      const post = { siteId, postId: '7', url: site.post('seven') }
      await query('postPublish', '__typename', post)
      const { ticket } = await eventually('a ticket', async () => {
        const answer = await ticketOf(readers, '7')
        return answer.ok ? ((await answer.json()) as { ticket: string }) : undefined
      })
      assert.equal((await ticketOf(rest, '7')).status, 404)
      const joinMessage = JSON.stringify(await new PeerKey(crypto.subtle).join(ticket))
      const socket = new WebSocket(`${readers.url.replace('http', 'ws')}/v1/tracker`)
      const [welcomed, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
      socket.addEventListener('open', () => socket.send(joinMessage))
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as TrackerServerMessage
        if (message.type === 'welcome') welcomed.resolve()
        if (message.type === 'error') refused.resolve(message.code)
      })
      await welcomed.promise
      await query('sitePolicySet', '__typename', { siteId, mode: 'OFF', consent: 'ASSUMED' })
      assert.equal(await refused.promise, 'policy-changed')
      socket.close()
    })

    test('commands name the server that they need', async () => {
      const of = (server: ServerProcess) => ['--server', server.url, '--data', server.dataDirectory]
      const listed = await peerpress('site', 'list', ...of(readers))
      assert.deepEqual([listed.code, /without the role api/.test(listed.stderr)], [1, true], listed.stderr)
      const refused = await peerpress('backup', join(root, 'none'), ...of(readers))
      assert.deepEqual([refused.code, /without the role api/.test(refused.stderr)], [1, true], refused.stderr)
      // The one with the role makes it, although beacons are received elsewhere.
      const made = await peerpress('backup', join(root, 'backup'), ...of(rest))
      assert.equal(made.code, 0, made.stderr)
      await access(join(root, 'backup', 'backup.json'))
      const { stdout } = await peerpress('doctor', '--json', ...of(rest))
      const { checks } = (JSON.parse(stdout) as { data: { checks: { code: string; state: string }[] } }).data
      assert.equal(checks.find(({ code }) => code === 'schedules')?.state, 'ok', stdout)
    })

    test('a schedule that is due at both runs once', async (t) => {
      const servers = [await openRegistry({ url }), await openRegistry({ url })]
      t.after(() => Promise.all(servers.map((server) => server.close())))
      const [began, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      let runs = 0
      const name = 'split.once'
      const schedule = {
        name,
        cron: '0 3 1 1 *',
        run: async () => {
          runs++
          began.resolve()
          await released.promise
        },
      }
      const stops: (() => Promise<void>)[] = []
      for (const { schedules } of servers) {
        stops.push(await schedules.repeat(schedule, (error) => assert.fail(String(error))))
        // The first run is under way when the second server starts.
        await began.promise
      }
      released.resolve()
      const [first] = servers
      await eventually('the end of the run', async () =>
        (await first?.schedules.outcomes())?.find((each) => each.name === name && each.succeededAt !== null),
      )
      for (const stop of stops) await stop()
      assert.equal(runs, 1)
    })

    test('a draft that one writes streams from the other, also when its writer is killed and another process goes on', async (t) => {
      const registry = await openRegistry({ url })
      t.after(() => registry.close())
      let text = ''
      const secondCall = Promise.withResolvers<ServerResponse>()
      const endpoint = await startEndpoint((response, _call, count) => {
        if (count === 2) secondCall.resolve(response)
        else {
          // A valid draft up to its claim, and no end.
          beginStream(response)
          sendText(response, text.slice(0, text.indexOf('"evidence"')))
        }
      })
      t.after(() => endpoint.close())
      const { brief, evidence } = await seedBrief(registry, siteId, endpoint.baseUrl)
      text = JSON.stringify(ryeDraft(evidence))
      const { draftRequest } = await query<{ draftRequest: { draft: { id: string } } }>(
        'draftRequest',
        'draft { id }',
        { briefId: Buffer.from(`Brief:${siteId}/${brief}`).toString('base64') },
      )
      const stream = await openDraftProgress(rest, draftRequest.draft.id)
      t.after(() => stream.close())
      const { tokens } = await stream.until(({ latestClaim }) => latestClaim === 'Rye rises in 6 hours.')

      await readers.kill()
      passMinute(url)
      await readers.restart()
      // It begins anew: the text of the first process is lost.
      const begun = await stream.until(({ characters }) => characters === 0)
      assert.deepEqual([begun.status, begun.latestClaim], ['WRITING', null])
      streamText(await secondCall.promise, text, { input: 700, output: 300 })
      const passed = await stream.until(({ status }) => status !== 'WRITING')
      // The lost call keeps its maximum.
      assert.deepEqual([passed.status, passed.tokens], ['PASSED', tokens + 1000])
      assert.deepEqual([await stream.next(), endpoint.calls.length], [null, 2])
    })
  },
)

/** Moves the times of running jobs back by a minute, so that the job of a killed process need not be awaited that long. */
function passMinute(url: string): void {
  const earlier = (column: string) => `${column} = ${column} - interval '1 minute'`
  const statements = [
    `update peerpress_jobs.job set ${earlier('heartbeat_on')} where state = 'active'`,
    `update peerpress_jobs.queue set ${earlier('monitor_on')}, ${earlier('monitor_claim_on')}`,
  ]
  execFileSync(join(programs ?? '', 'psql'), [url, '-qc', statements.join('; ')])
}
