import assert from 'node:assert/strict'
import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { seededRandom } from '@peerpress/swarm/simulation'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import {
  repeatedly,
  sendMalformedFrames,
  sendMalformedRequest,
  sendMalformedUpgrade,
} from '../support/server/hostile-sockets.ts'
import { hostileMessages } from '../support/thorough.ts'
import { heldMemory, measuredMemory } from '../support/server/process-memory.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const mebibyte = 1024 ** 2
const origin = 'http://127.0.0.1:8080'
const seed = Number(process.env['PEERPRESS_SOCKETS_SEED'] ?? Date.now() % 2 ** 31)
const server = await startServerProcess(measuredMemory)
after(() => server.close())
const pid = server.pid()

/** Open sockets of the server's process. Its other descriptors are files, of which its database opens more as it needs them. */
async function sockets(): Promise<number> {
  const folder = `/proc/${pid}/fd`
  const links = (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => ''))
  return (await Promise.all(links)).filter((link) => link.startsWith('socket:')).length
}

const count = hostileMessages.toLocaleString('en')

test(`${count} malformed requests, upgrades and frames leave the server as it was (seed ${seed})`, async (context) => {
  context.diagnostic(`seed ${seed}; take it again with PEERPRESS_SOCKETS_SEED`)
  const random = seededRandom(seed)
  const { siteId } = await addSite(server, `${origin}/`)
  const { hostname: host, port } = new URL(server.url)
  const target = { host, port: Number(port), siteId, origin }
  /** A unit is 20 requests, 10 upgrades and 20 frames. */
  const attack = async (times: number) => {
    await repeatedly(times * 20, 40, () => sendMalformedRequest(target, random))
    await repeatedly(times * 10, 40, () => sendMalformedUpgrade(target, random))
    await repeatedly(times, 20, () => sendMalformedFrames(target, random, 20))
  }
  // Code that runs for the first time is compiled, that of the database as well.
  const units = hostileMessages / 50
  await attack(units * 0.4)
  const [memoryBefore, before] = [await heldMemory(server), await sockets()]
  await attack(units)
  await eventually('the last connection closed', async () => ((await sockets()) <= before ? true : undefined))
  const grown = (await heldMemory(server)) - memoryBefore
  context.diagnostic(`${Math.round(grown / mebibyte)} MiB more`)
  assert.ok(grown < 50 * mebibyte, `${Math.round(grown / mebibyte)} MiB more`)
  assert.equal(server.pid(), pid)
  assert.doesNotMatch(server.printed().join('\n'), /unexpected (exception|rejection)|\n\s+at /)
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  assert.equal((await postBeacon({ server: server.url, beacon: sampleBeacon(siteId), origin })).status, 204)
})
