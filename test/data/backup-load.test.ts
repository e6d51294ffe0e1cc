import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { seededRandom } from '@peerpress/swarm/simulation'
import { addSite } from '../support/server/add-site.ts'
import { BeaconLoad, type SentView } from '../support/server/beacon-load.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { startPublishedOrigin } from '../support/browser/published-origin.ts'
import { startServerProcess } from '../support/server/server-process.ts'
import { assertAddedUp, assertWhole, readStored } from '../support/data/stored-views.ts'

/** Of the beacons. */
const measured = 'http://127.0.0.1:8080'
const root = await mkdtemp(join(tmpdir(), 'peerpress-backup-load-'))
const origin = await startPublishedOrigin()
const server = await startServerProcess({
  PEERPRESS_BEACONS_PER_NETWORK: '0',
  PEERPRESS_BEACONS_PER_SITE: '0',
})
after(async () => {
  await server.close()
  await origin.close()
  await rm(root, { recursive: true, force: true })
})

test('a backup under load has all that was answered before it, nothing twice, and the publication under way', async () => {
  const { siteId } = await addSite(server, `${origin.url}/`)
  const measuredSite = await addSite(server, `${measured}/`)
  const held = Promise.withResolvers<ServerResponse>()
  origin.onPicture.set('/slow-1.png', (response) => held.resolve(response))
  const client = graphqlClient(server.url, await server.token())
  const mutation = 'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }'
  await client.query(mutation, { input: { siteId, postId: 'slow', url: `${origin.url}/post/slow/` } })
  await held.promise

  const load = new BeaconLoad({
    url: server.url,
    origin: measured,
    sites: [measuredSite.siteId],
    random: seededRandom(2026),
  })
  await load.run(1000)
  const answered = new Map(Array.from(load.views, ([view, sent]) => [view, sent.answered]))
  const directory = join(root, 'backup')
  const taken = new AbortController()
  const taking = peerpress(
    'backup',
    directory,
    '--server',
    server.url,
    '--data',
    server.dataDirectory,
    '--json',
  )
  const loading = (async () => {
    while (!taken.signal.aborted) await load.run(load.answered + 200)
  })()
  const { code, stderr } = await taking.finally(() => taken.abort())
  await loading
  assert.equal(code, 0, stderr)
  await server.kill()

  const data = join(root, 'restored')
  const restoring = await peerpress('restore', directory, '--data', data)
  assert.equal(restoring.code, 0, restoring.stderr)
  const stored = await readStored(join(data, 'store'))
  const sent = new Map<string, SentView>(
    Array.from(load.views, ([view, of]) => [view, { ...of, answered: answered.get(view) ?? 0 }]),
  )
  assertWhole(stored, sent)
  assertAddedUp(stored, Date.now())

  origin.onPicture.clear()
  const restored = await startServerProcess({}, data)
  try {
    await eventually('the publication that was under way', async () => {
      const { ok } = await fetch(`${restored.url}/v1/sites/${siteId}/posts/slow/manifest`)
      return ok || undefined
    })
  } finally {
    await restored.stop()
  }
})
