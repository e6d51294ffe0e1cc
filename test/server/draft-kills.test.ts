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
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
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
/** The call of the model that ends with a stop of the server. */
const stopped = kills + 2
/** What a server promises to take at most to end, ms. */
const promised = 12_000

suite('kill -9 of the server in the middle of a draft', limits, () => {
  let server: ServerProcess
  let endpoint: EndpointServer
  let browser: Browser
  let site: string
  /** The seeded brief, and the evidence that the model's answers cite. */
  let seeded: SeededBrief

  before(async () => {
    endpoint = await startEndpoint((response, _call, count) => {
      const text = JSON.stringify(ryeDraft(seeded.evidence))
      if (count > kills && count !== stopped) streamText(response, text)
      else {
        // The first half of a valid draft, and no end.
        beginStream(response)
        sendText(response, text.slice(0, text.length / 2))
      }
    })
    browser = await launchChromium()
    server = await startServerProcess()
    site = (await addSite(server, 'http://127.0.0.1:9/')).siteId
  }, limits)
  after(async () => {
    await browser?.close()
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

  test('it is written anew after each start, once, nothing half-written is ever shown, and its page recovers', async () => {
    await withRecords(server, async (registry) => {
      seeded = await seedBrief(registry, site, endpoint.baseUrl)
      await registry.drafts.request(ryeRequest(site, seeded))
    })
    const { page } = await openPage(browser, await server.token())
    page.setDefaultTimeout(patience)
    const shows = (text: string) =>
      page.waitForFunction(
        (expected) =>
          document.querySelector('section[aria-labelledby=drafts]')?.textContent.includes(expected),
        {},
        text,
      )
    await page.goto(`${server.url}/sites/${site}/write`)
    for (let kill = 1; kill <= kills; kill++) {
      const writing = await draftThat(
        `the half draft before kill ${kill}`,
        ({ status, writtenCharacters }) =>
          status === 'WRITING' && writtenCharacters > 0 && endpoint.calls.length === kill,
      )
      assert.equal(writing.content, null)
      // Only a stream brings this: without one, the page has the list's words.
      await shows('Section 1.')
      await server.kill()
      await shows('The server did not answer')
      await server.restart()
      const [shown] = (await drafts()).drafts
      assert.ok(['QUEUED', 'WRITING', 'PASSED'].includes(shown?.status ?? ''), shown?.status)
      if (shown?.status !== 'PASSED') assert.equal(shown?.content, null)
    }
    const passed = await draftThat('the end of the draft', ({ status }) => status === 'PASSED')
    await shows('Passed the gates')
    await page.close()
    assert.deepEqual(passed.refusals, [])
    assert.equal(passed.content?.title, ryeDraft(seeded.evidence).title)
    assert.equal(endpoint.calls.length, kills + 1)
    // The lost calls keep their maximum on the budget: nobody knows what they used.
    const { model } = await drafts()
    assert.equal(model.use.calls, kills + 1)
    assert.ok(model.use.tokens > kills * 1000, String(model.use.tokens))
  })

  test('an open stream does not hold a server that stops, which ends it; the draft is written after the start', async () => {
    await withRecords(server, (registry) => registry.drafts.request(ryeRequest(site, seeded)))
    const { id } = await eventually(
      'the half draft before the stop',
      async () =>
        (await drafts()).drafts.find(
          ({ writtenCharacters, status }) => status === 'WRITING' && writtenCharacters > 0,
        ),
      patience,
    )
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        // A proxy would compress, and hold back, what may be compressed.
        'accept-encoding': 'gzip, deflate, br',
        authorization: `Bearer ${await server.token()}`,
      },
      body: JSON.stringify({
        query: 'subscription ($ids: [ID!]!) { draftProgress(ids: $ids) { status latestClaim tokens } }',
        variables: { ids: [id] },
      }),
    })
    assert.deepEqual([response.status, response.headers.get('content-encoding')], [200, null])
    assert.ok(response.body)
    const parts = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"status":"WRITING"')) text += (await parts.read()).value ?? assert.fail(text)
    const begun = performance.now()
    await server.stop()
    const took = performance.now() - begun
    assert.ok(took <= promised, `${took} ms`)
    for (let part = await parts.read(); !part.done; part = await parts.read()) text += part.value
    assert.match(text, /"code":"UNAVAILABLE"[\s\S]*event: complete/)
    await server.restart()
    await eventually(
      'the end of the draft',
      async () => (await drafts()).drafts.find((draft) => draft.id === id && draft.status === 'PASSED'),
      patience,
    )
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
  readonly id: string
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
  drafts(first: 10) { edges { node { id status writtenCharacters problem refusals { code } content { title } } } }
  model { use { calls tokens } }
} }`
