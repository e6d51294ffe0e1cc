import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type BenchReport, readBenchReport, repositoryDirectory } from '@peerpress/cli'
import { isThorough } from '../support/thorough.ts'

/** Runs a bench in its quick form, as a person does. Its figures mean nothing here. */
function quick(name: string): Promise<BenchReport> {
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  return new Promise((resolve, reject) => {
    const args = [main, 'bench', name, '--quick', '--json']
    execFile(process.execPath, args, { timeout: 240_000 }, (error, stdout, stderr) => {
      const report = readBenchReport(stdout)
      if (error === null && report !== null) resolve(report)
      else reject(new assert.AssertionError({ message: `bench ${name}\n${stdout}\n${stderr}` }))
    })
  })
}

const metrics: Readonly<Record<string, readonly RegExp[]>> = {
  alerts: [/^10 views\/h, half the budget/, /^60 views\/h, every view fails/, /^dead origin: minutes/],
  effects: [
    /^A\/A, 40 pages: runs that find an effect, %$/,
    /^planted 20 %, 100 pages .*: inside the interval, %$/,
  ],
  'flash-crowd': [/^4 readers: p95, s$/, /^4 readers: offload of media below the fold/],
  ingest: [/^beacons answered 204, per second$/, /^p99 at half of its own load, ms$/],
  join: [/to the open channel, ms, p50$/, /to the first byte of a peer, ms, p95$/],
  'quiet-page': [/^4G: LCP ÷ without/, /^cable: load, ms, p95$/, /^cable: blocking time added/],
  regions: [/^false regions a run, independent noise$/, /^falls of 30 % found, autocorrelation 0\.6$/],
  swarm: [/^crowd: p95, s$/, /^50 % polluters: waste$/],
  sdk: [/^gzip bytes$/, /^main-thread time, ms, median$/, /^longest task, .* 4 × slower$/],
  size: [/^loader\.js, gzip bytes$/, /^worker\.js, brotli bytes$/, /^rum\.js, gzip bytes$/],
  store: [/^views inserted per second$/, /^bytes on disk per view/],
  tracker: [/^messages delivered per second$/, /^open connections/],
}

/** These start no browser and measure for seconds. The other benches run with `--thorough`. */
const ordinary = ['alerts', 'effects', 'regions', 'size', 'store', 'tracker']

for (const [name, wanted] of Object.entries(metrics)) {
  if (!isThorough && !ordinary.includes(name)) continue
  const needsRoot = name === 'quiet-page' || name === 'flash-crowd'
  const skip = needsRoot && process.getuid?.() !== 0 && 'only root makes network namespaces'
  test(`the bench ${name} measures us and what it compares with`, { skip }, async () => {
    const { bench, rows } = await quick(name)
    assert.equal(bench, name)
    for (const metric of wanted)
      assert.ok(
        rows.some((row) => metric.test(row.metric)),
        String(metric),
      )
    for (const row of rows) {
      // Nothing may be wasted, page or report falsely, and PeerPress may add nothing to a page. All else has something to measure.
      const mayBeNothing =
        row.metric.endsWith(': waste') || / added, | false page, |^false regions |^A\/A, /.test(row.metric)
      assert.ok(row.ours > 0 || mayBeNothing, row.metric)
      assert.equal(row.against === null, row.theirs === null, row.metric)
      assert.equal(row.target === null, row.met === null, row.metric)
      if (row.theirs !== null) assert.equal(row.ratio, row.ours / row.theirs, row.metric)
    }
  })
}
