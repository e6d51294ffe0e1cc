import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { PeerKey } from '@peerpress/peer'
import { type RunningSeed, SeedError, startSeed } from '@peerpress/seed'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader } from '../support/browser/small-site-reader.ts'
import { freePort } from '../support/free-port.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const film: Media = { name: 'film.bin', type: 'application/octet-stream', bytes: noisePng('film', 2000) }
const filmPath = `/media/${film.name}`
let browser: Browser

before(async () => {
  await ensureVisitorBundles()
  browser = await launchChromium()
})
after(() => browser.close())

test('a seed brings a reader what the origin cannot', { timeout: 120_000 }, async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  const seed = await startSeedProcess(site.url)
  t.after(() => seed.end('SIGTERM'))
  site.intercept = (request, response) => {
    if (!request.url?.startsWith('/media/')) return false
    response.writeHead(503).end()
    return true
  }
  const reader = await openSiteReader(browser)
  t.after(() => reader.close())
  await reader.open(site.url, 1)
  const got = await reader.fetch(filmPath)
  assert.equal(got.hash, hashOf(film.bytes))
  const { bytes, wrongBytes } = await reader.delivery()
  assert.deepEqual([bytes.seed, bytes.peer, bytes.origin], [film.bytes.length, 0, 0])
  assert.equal(wrongBytes, 0)
  assert.equal(await seed.end('SIGTERM'), 0)

  // What it has on the disk it need not fetch again.
  const again = await startSeedProcess(site.url, seed.directory)
  assert.equal(await again.end('SIGTERM'), 0)
})

test(
  'a seed killed in the middle of a transfer costs the reader nothing',
  { timeout: 120_000 },
  async (t) => {
    const site = await startSmallSite([film], '')
    t.after(() => site.close())
    const seed = await startSeedProcess(site.url)
    t.after(() => seed.end('SIGKILL'))
    const reader = await openSiteReader(browser)
    t.after(() => reader.close())
    await reader.open(site.url, 1)
    const sending = seed.sends()
    const got = reader.fetch(filmPath)
    await sending
    await seed.end('SIGKILL')
    assert.equal((await got).hash, hashOf(film.bytes))
    const { bytes } = await reader.delivery()
    assert.ok(bytes.seed + bytes.origin >= film.bytes.length)
  },
)

test('a reader of a site that has seeds only meets no other reader', { timeout: 120_000 }, async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  site.config = { mode: 'seeds-only' }
  const seed = await startSeedProcess(site.url)
  t.after(() => seed.end('SIGTERM'))
  const readers = [await openSiteReader(browser), await openSiteReader(browser)]
  t.after(() => Promise.all(readers.map((reader) => reader.close())))
  for (const reader of readers) {
    await reader.open(site.url, 1)
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
  }
  for (const reader of readers) {
    const { bytes, peers } = await reader.delivery()
    assert.deepEqual([bytes.seed, bytes.peer, peers], [film.bytes.length, 0, 1])
  }
})

test(
  'offers that no browser makes end neither a seed nor its line to the tracker',
  { timeout: 120_000 },
  async (t) => {
    const site = await startSmallSite([film], '')
    t.after(() => site.close())
    const seed = await startSeedProcess(site.url)
    t.after(() => seed.end('SIGTERM'))
    // The answer to one of many media sections is longer than the tracker takes.
    const long = offer + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n'.repeat(150)
    for (const sdp of ['', 'x'.repeat(12_000), 'v=0\0', long, offer.replace('a=mid:0', 'a=mid:-1')]) {
      const { ticket } = (await (await fetch(`${site.serverUrl}/v1/ticket`)).json()) as { ticket: string }
      const joinMessage = JSON.stringify(await new PeerKey(crypto.subtle).join(ticket))
      const socket = new WebSocket(`${site.serverUrl.replace('http', 'ws')}/v1/tracker`)
      const isSent = new Promise<void>((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('no line to the tracker')))
        socket.addEventListener('open', () => socket.send(joinMessage))
        socket.addEventListener('message', ({ data }) => {
          const message = JSON.parse(String(data)) as { type: string; peer: string; seed?: true }
          if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'want', peers: 1 }))
          if (message.type !== 'introduce') return
          assert.equal(message.seed, true)
          socket.send(JSON.stringify({ type: 'signal', to: message.peer, signal: { kind: 'offer', sdp } }))
          resolve()
        })
      })
      await isSent
      // The tracker has read it when it answers the close.
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }
    const reader = await openSiteReader(browser)
    t.after(() => reader.close())
    await reader.open(site.url, 1)
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal((await reader.delivery()).bytes.seed, film.bytes.length)
    const { 'bad-message': bad, oversized, joined } = site.tracker.counts()
    // The seed once, five with such offers, and the reader.
    assert.deepEqual({ bad, oversized, joined }, { bad: 0, oversized: 0, joined: 7 })
  },
)

test('a seed whose disk is full says so once and gives what it has', { timeout: 120_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-full-'))
  let seed: RunningSeed | undefined
  t.after(() => {
    seed?.stop()
    spawnSync('/usr/bin/umount', [directory])
    return rm(directory, { recursive: true })
  })
  if (spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=5m', 'tmpfs', directory]).status !== 0) {
    t.skip('mounting a small disk takes root on Linux')
    return
  }
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  const problems: Error[] = []
  const full = Promise.withResolvers<void>()
  seed = await startSeed({
    page: site.url,
    token: 'any',
    directory,
    maxBytes: Infinity,
    onProblem(problem) {
      problems.push(problem)
      full.resolve()
    },
  })
  assert.equal((await stat(directory)).mode & 0o777, 0o700)
  await full.promise
  const { chunks, of } = seed.state()
  assert.ok(chunks > 20 && chunks < of, `${chunks} of ${of} chunks fit in`)
  const reader = await openSiteReader(browser)
  t.after(() => reader.close())
  await reader.open(site.url, chunks)
  assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
  const { bytes } = await reader.delivery()
  assert.ok(bytes.seed > 0 && bytes.origin > 0, JSON.stringify(bytes))
  assert.deepEqual(
    problems.map((problem) => problem instanceof SeedError && problem.code),
    ['disk'],
  )
  assert.equal(seed.state().chunks, chunks)
})

const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  `a=ice-pwd:${'a'.repeat(24)}`,
  `a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n')

interface State {
  readonly chunks: number
  readonly of: number
  readonly sent: number
  readonly isIntroduced: boolean
}

/** Resolves when it has the whole post and the tracker let it in. */
test('who takes part as a reader in Node asks again for what nobody could give', async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  let requests = 0
  site.intercept = (request, response) => {
    if (!request.url?.startsWith('/media/') || ++requests > 1) return false
    response.writeHead(503).end()
    return true
  }
  const { promise: isWhole, resolve } = Promise.withResolvers<void>()
  const reader = await startSeed({
    page: site.url,
    token: null,
    directory: null,
    maxBytes: Infinity,
    onChange: ({ chunks, of }) => chunks >= of && resolve(),
  })
  t.after(() => reader.stop())
  await isWhole
  assert.ok(requests > 1)
  assert.equal(reader.state().received, film.bytes.length)
})

test('a seed whose origin is down fills itself from the next mirror that has the true bytes', async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  site.mirrors = { '/first/': 503, '/second/': 'copies' }
  site.intercept = (request, response) => {
    if (!request.url?.startsWith('/media/')) return false
    response.writeHead(503).end()
    return true
  }
  const { promise: isWhole, resolve } = Promise.withResolvers<void>()
  const seed = await startSeed({
    page: site.url,
    token: 'any',
    directory: null,
    maxBytes: Infinity,
    onChange: ({ chunks, of }) => chunks >= of && resolve(),
  })
  t.after(() => seed.stop())
  await isWhole
  assert.equal(seed.state().received, film.bytes.length)
  assert.equal(site.sent.get(filmPath), undefined)
})

test('a seed whose token the server refuses ends and says what to do, and one whose server is down waits', async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  site.ticketRefusal = { status: 403, code: 'wrong-origin', detail: 'Not here.' }
  const start = { page: site.url, token: 'of-another-site', directory: null, maxBytes: Infinity }
  await assert.rejects(startSeed(start), {
    code: 'refused',
    message: /does not accept the seed token: .*peerpress site seed-token .*dashboard/,
  })

  site.ticketRefusal = { status: 503, code: 'role-unavailable', detail: 'Later.' }
  const problem = Promise.withResolvers<Error>()
  const seed = await startSeed({ ...start, onProblem: problem.resolve })
  t.after(() => seed.stop())
  assert.match((await problem.promise).message, /gives no ticket \(503\): Later\./)
})

test('a page that nobody answers for, and one without a post, are named with the reason', async (t) => {
  const site = await startSmallSite([film], '')
  t.after(() => site.close())
  const start = { token: 'any', directory: null, maxBytes: Infinity }
  await assert.rejects(
    startSeed({ ...start, page: `http://127.0.0.1:${await freePort()}/` }),
    /there is no answer \(ECONNREFUSED\)/,
  )
  await assert.rejects(
    startSeed({ ...start, page: new URL(filmPath, site.url).href }),
    /give the public address of a published post/,
  )
})

async function startSeedProcess(page: string, known?: string) {
  const directory = known ?? (await mkdtemp(join(tmpdir(), 'peerpress-seed-')))
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  const child: ChildProcess = spawn(process.execPath, [main, 'seed', page, '--data', directory, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PEERPRESS_SEED_TOKEN: 'ab'.repeat(32) },
  })
  const exited = once(child, 'exit')
  const waiting = new Set<(state: State) => void>()
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      for (const hear of waiting) hear(JSON.parse(line) as State)
    })
  }
  const when = (wanted: (state: State) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      exited.then(() => reject(new Error('the seed ended')), reject)
      waiting.add((state) => wanted(state) && resolve())
    })
  await when(({ chunks, of, isIntroduced }) => chunks >= of && isIntroduced)
  return {
    directory,
    sends: () => when(({ sent }) => sent > 0),
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal)
      await exited
      if (known !== undefined || signal === 'SIGKILL') await rm(directory, { recursive: true, force: true })
      return child.exitCode
    },
  }
}
