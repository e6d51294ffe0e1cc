import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import {
  beginStream,
  type EndpointServer,
  sendText,
  startEndpoint,
  streamText,
} from '@peerpress/editorial/testing'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import {
  ryeDraft,
  ryeRequest,
  seedBrief,
  type SeededBrief,
  withRecords,
} from '../support/server/seed-draft.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 600_000 }
/** ms that a state may take on a machine that is busy with other tests. */
const patience = 120_000
/** Calls of the model that end with `kill -9` of the server. */
const kills = 2

suite('kill -9 of the server in the middle of a draft', limits, () => {
  let server: ServerProcess
  let endpoint: EndpointServer
  let site: string
  /** The seeded brief, and the evidence that the model's answers cite. */
  let seeded: SeededBrief

  before(async () => {
    endpoint = await startEndpoint((response, _call, count) => {
      const text = JSON.stringify(ryeDraft(seeded.evidence))
      if (count > kills) streamText(response, text)
      else {
        // The first half of a valid draft, and no end.
        beginStream(response)
        sendText(response, text.slice(0, text.length / 2))
      }
    })
    server = await startServerProcess()
    site = (await addSite(server, 'http://127.0.0.1:9/')).siteId
  }, limits)
  after(async () => {
    await server?.close()
    await endpoint?.close()
  })

  const drafts = async () => {
    const client = graphqlClient(server.url, await server.token())
    const found = await client.query<{ site: Answer }>(query, { site })
    return { drafts: found.site.drafts.edges.map(({ node }) => node), model: found.site.model }
  }
  const draftThat = (what: string, is: (draft: Shown) => boolean) =>
    eventually(
      what,
      async () => {
        const { drafts: all } = await drafts()
        assert.equal(all.length, 1, 'the draft is there once')
        const [draft] = all
        return draft !== undefined && is(draft) ? draft : undefined
      },
      patience,
    )

  test('it is written anew after each start, once, and nothing half-written is ever shown', async () => {
    await withRecords(server, async (registry) => {
      seeded = await seedBrief(registry, site, endpoint.baseUrl)
      await registry.drafts.request(ryeRequest(site, seeded))
    })
    for (let kill = 1; kill <= kills; kill++) {
      const writing = await draftThat(
        `the half draft before kill ${kill}`,
        ({ status, writtenCharacters }) =>
          status === 'WRITING' && writtenCharacters > 0 && endpoint.calls.length === kill,
      )
      assert.equal(writing.content, null)
      await server.kill()
      await server.restart()
      const [shown] = (await drafts()).drafts
      assert.ok(['QUEUED', 'WRITING', 'PASSED'].includes(shown?.status ?? ''), shown?.status)
      if (shown?.status !== 'PASSED') assert.equal(shown?.content, null)
    }
    const passed = await draftThat('the end of the draft', ({ status }) => status === 'PASSED')
    assert.deepEqual(passed.refusals, [])
    assert.equal(passed.content?.title, ryeDraft(seeded.evidence).title)
    assert.equal(endpoint.calls.length, kills + 1)
    // The lost calls keep their maximum on the budget: nobody knows what they used.
    const { model } = await drafts()
    assert.equal(model.use.calls, kills + 1)
    assert.ok(model.use.tokens > kills * 1000, String(model.use.tokens))
  })

  test('a draft whose model is gone after the start fails with the reason', async () => {
    await withRecords(server, async (registry) => {
      // A new list of the day may be current by now. The seeded brief can still be got by its id.
      await registry.drafts.request(ryeRequest(site, seeded))
      await registry.models.remove(site, 'operator')
    })
    const failed = await eventually(
      'the failure',
      async () => (await drafts()).drafts.find(({ status }) => status === 'FAILED'),
      patience,
    )
    assert.match(failed.problem ?? '', /The site has no model: choose one first/)
    assert.equal(failed.content, null)
  })
})

interface Shown {
  readonly status: string
  readonly writtenCharacters: number
  readonly problem: string | null
  readonly refusals: readonly { readonly code: string }[]
  readonly content: { readonly title: string } | null
}

interface Answer {
  readonly drafts: { readonly edges: readonly { readonly node: Shown }[] }
  readonly model: { readonly use: { readonly calls: number; readonly tokens: number } }
}

const query = `query($site: String!) { site(siteId: $site) {
  drafts(first: 10) { edges { node { status writtenCharacters problem refusals { code } content { title } } } }
  model { use { calls tokens } }
} }`
