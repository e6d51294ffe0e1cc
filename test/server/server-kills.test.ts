import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { seededRandom } from '@peerpress/swarm/simulation'
import { addSite } from '../support/server/add-site.ts'
import { BeaconLoad } from '../support/server/beacon-load.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { killBeacons as beacons, kills } from '../support/thorough.ts'
import { assertAddedUp, assertWhole, readStored } from '../support/data/stored-views.ts'

const seed = Number(process.env['PEERPRESS_KILL_SEED'] ?? randomInt(2 ** 31))
const sites = 4
const origin = 'http://127.0.0.1:8080'

const server = await startServerProcess({
  PEERPRESS_BEACONS_PER_NETWORK: '0',
  PEERPRESS_BEACONS_PER_SITE: '0',
})
after(() => server.close())
const log = join(server.dataDirectory, 'beacons')
const aside = join(server.dataDirectory, 'aside')

test(
  `all of ${beacons} beacons survive ${kills} times kill -9, and none counts twice`,
  { timeout: 900_000 },
  async (t) => {
    t.diagnostic(`PEERPRESS_KILL_SEED=${seed}`)
    const random = seededRandom(seed)
    const added = await Promise.all(
      Array.from({ length: sites }, (_, i) => addSite(server, `${origin}/${i}/`)),
    )
    const load = new BeaconLoad({
      url: server.url,
      origin,
      sites: added.map(({ siteId }) => siteId),
      random: seededRandom(seed + 1),
    })
    const keeping = await keepSegments()

    const moments = new Set<number>()
    while (moments.size < kills) moments.add(1 + Math.floor(random() * (beacons - 1)))
    const killing = killAt([...moments].toSorted((a, b) => a - b))
    await Promise.all([load.run(beacons), killing])
    await drained(server)
    await server.stop()
    await keeping.stop()

    const stored = await readStored(join(server.dataDirectory, 'store'))
    t.diagnostic(`${load.answered} answered, ${load.views.size} views sent, ${stored.views.length} stored`)
    assertWhole(stored, load.views)
    assertAddedUp(stored, Date.now())

    // Each segment once more: every other one as a new one, whose token the store has not seen.
    const names = (await readdir(aside)).toSorted()
    const kept = await viewsIn(names.map((name) => join(aside, name)))
    assert.equal(stored.views.filter(({ view }) => !kept.has(view)).length, 0, 'stored, and in no segment')
    t.diagnostic(`${names.length} segments`)
    for (const [i, name] of names.entries()) {
      await link(join(aside, name), join(log, i % 2 === 0 ? name : renamed(name)))
    }
    await server.restart()
    await drained(server)
    await server.stop()
    const again = await readStored(join(server.dataDirectory, 'store'))
    assert.deepEqual(again.views, stored.views)
    assert.equal(again.receipts, stored.receipts)
    assertAddedUp(again, Date.now())

    async function killAt(counts: readonly number[]): Promise<void> {
      const victims = { server: 0, store: 0 }
      for (const count of counts) {
        // Already answered while the kill before was at work: then at once.
        if (load.answered < count) await load.reached(count)
        if (random() < 0.5) {
          victims.server++
          const back = server.kill().then(() => server.restart())
          load.pauseUntil(back)
          await back
        } else {
          victims.store++
          process.kill(await storeProcess(server), 'SIGKILL')
        }
      }
      t.diagnostic(
        `killed: the server with its collector ${victims.server}, the store ${victims.store} times`,
      )
    }
  },
)

/** Links to all segments of the log: they stay when the log has let go of them. */
async function keepSegments(): Promise<{ stop(): Promise<void> }> {
  await mkdir(aside)
  const stopping = new AbortController()
  const look = async () => {
    for (const name of await readdir(log)) {
      if (!name.endsWith('.log')) continue
      await link(join(log, name), join(aside, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
      })
    }
  }
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await looking
    },
  }
}

/** The views that segments have rows of. */
async function viewsIn(paths: readonly string[]): Promise<Set<string>> {
  const views = new Set<string>()
  for (const path of paths) {
    const text = await readFile(path, 'latin1')
    for (const [, view = ''] of text.matchAll(/\["[a-z0-9]{16}","([0-9a-f-]{36})",/g)) views.add(view)
  }
  return views
}

/** A name of the same age that no segment had. */
function renamed(name: string): string {
  return `${name.slice(0, 25)}${randomUUID().replaceAll('-', '').slice(0, 16)}.log`
}

/** Nothing waits on disk any more, and nothing is on its way. */
async function drained({ url }: ServerProcess): Promise<void> {
  await eventually(
    'an empty log',
    async () => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return /^peerpress_log_bytes 0$/m.test(text) && /^peerpress_log_segments 0$/m.test(text)
        ? true
        : undefined
    },
    120_000,
  )
}

/** The process of the engine that runs now. */
function storeProcess(of: ServerProcess): Promise<number> {
  return eventually('an engine', async () => {
    const pid = of.pid()
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    for (const child of children.trim().split(' ').filter(Boolean)) {
      const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')
      if (command.includes('engine-main')) return Number(child)
    }
    return undefined
  })
}
