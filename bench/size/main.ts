import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build } from 'esbuild'
import type { BenchRow } from '@peerpress/cli'
import { printReport } from '../print-report.ts'

// What a reader downloads, beside the rivals' own minified bundles. Compressed at the highest level on both sides.
const folder = new URL('../../packages/', import.meta.url)
const rivals = new URL('../rivals/node_modules/', import.meta.url)

const [loader, worker, swarm, snapshot, rum, ...bundles] = await Promise.all([
  readFile(new URL('visitor/dist/loader.js', folder)),
  readFile(new URL('visitor/dist/worker.js', folder)),
  readFile(new URL('visitor/dist/swarm.js', folder)),
  readFile(new URL('visitor/dist/snapshot.js', folder)),
  readFile(new URL('rum/dist/rum.js', folder)),
  readFile(new URL('p2p-media-loader-core/dist/p2p-media-loader-core.es.min.js', rivals)),
  readFile(new URL('webtorrent/dist/webtorrent.min.js', rivals)),
  readFile(new URL('web-vitals/dist/web-vitals.iife.js', rivals)),
  readFile(new URL('web-vitals/dist/web-vitals.attribution.iife.js', rivals)),
  readFile(new URL('@grafana/faro-web-sdk/dist/bundle/faro-web-sdk.iife.js', rivals)),
  bundlePlausible(),
])
const [p2pMediaLoader, webTorrent, webVitals, attribution, faro, plausible] = bundles
const none: readonly Rival[] = [null]
const delivery: readonly Rival[] = [
  ['p2p-media-loader-core', p2pMediaLoader],
  ['webtorrent.min', webTorrent],
]
const measurement: readonly Rival[] = [
  ['web-vitals', webVitals],
  ['web-vitals, attribution', attribution],
  ['plausible-tracker (no vitals)', plausible],
  ['faro-web-sdk', faro],
]

printReport('size', [
  ...(await rowsOf('loader.js', [loader], { budget: 2048, against: none })),
  ...(await rowsOf('worker.js', [worker], { budget: 8192, against: none })),
  ...(await rowsOf('swarm.js', [swarm], { budget: 21_504, against: none })),
  ...(await rowsOf('snapshot.js', [snapshot], { budget: 2560, against: none })),
  ...(await rowsOf('loader + worker + swarm', [loader, worker, swarm], { against: delivery })),
  ...(await rowsOf('rum.js', [rum], { budget: 9216, against: measurement })),
])

/** A name and what it makes a reader download; null: nothing to compare with. */
type Rival = readonly [string, Buffer | undefined] | null

interface Comparison {
  /** gzip bytes that NUMBERS allow, at most. */
  readonly budget?: number
  readonly against: readonly Rival[]
}

async function rowsOf(
  name: string,
  files: readonly (Buffer | undefined)[],
  { budget, against }: Comparison,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const [format, compress] of [
    ['gzip', promisify(gzip)],
    ['brotli', promisify(brotliCompress)],
  ] as const) {
    // Each file is a response of its own.
    const sizes = await Promise.all(files.map(async (file) => (await compress(file ?? '')).length))
    const ours = sizes.reduce((sum, size) => sum + size, 0)
    for (const rival of against) {
      const theirs = rival === null ? null : (await compress(rival[1] ?? '')).length
      const limit = format === 'gzip' ? budget : undefined
      rows.push({
        metric: `${name}, ${format} bytes`,
        ours,
        against: rival?.[0] ?? null,
        theirs,
        ratio: theirs === null ? null : ours / theirs,
        target: limit === undefined ? null : `≤ ${limit.toLocaleString('en')}`,
        met: limit === undefined ? null : ours <= limit,
      })
    }
  }
  return rows
}

/** Comes as modules alone; bundled as we bundle ourselves. */
async function bundlePlausible(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [new URL('plausible-tracker/build/module/index.js', rivals).pathname],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  })
  return Buffer.from(outputFiles[0]?.contents ?? [])
}
