import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { BenchRow } from '@peerpress/cli'
import { seededRandom } from '@peerpress/swarm/simulation'
import { printReport } from '../print-report.ts'
import { type CrowdResult, runCrowd } from './crowd.ts'
import type { Crowd } from './limit.ts'
import { aboveFold } from './post.ts'
import { openRig } from './rig.ts'
import { rowsOf } from './rows.ts'

const usage = `node bench/flash-crowd/main.ts [--quick] [--readers 24] [--browsers 8] [--scale 2]
       [--browser-scale 8] [--middle 12] [--middle-scale 4] [--seed 1] [--runs 5] [--only PART]
       [--without-rivals]

Real readers in network namespaces come to one post within ten seconds, all for the first time: 20 Mbit/s from the origin,
20 to each reader and 10 from it. PeerPress beside the plain site, WebTorrent with a web seed, and p2p-media-loader-core
in browsers. Needs root.
  --readers N   readers of the crowd; four of those of PeerPress are browsers
  --browsers N  readers of the smaller crowd of browsers alone; 0: none of it
  --scale N     all rates divided, and all times multiplied: where processors and not links would be the limit
  --browser-scale N
                the same for the crowd of browsers alone, who need more of the processors
  --middle N    browsers of the middle crowd, 0: none of it; --middle-scale as above
  --seed N      other arrivals
  --runs N      runs of each crowd of browsers, with seeds from --seed on; their readers are pooled
  --only PART   readers, browsers or middle: that crowd alone
  --without-rivals
                PeerPress alone, to compare it with another state of itself
  --quick       four readers in Node, a small post`

/** Browsers among the readers of the large crowd. */
const mixedBrowsers = 4
/** bytes/ms of one Mbit/s */
const mbit = 125

/** What `--only` may name; undefined for all of it. */
const parts: readonly (string | undefined)[] = [undefined, 'readers', 'browsers', 'middle']

const { values } = parseArgs({
  options: {
    readers: { type: 'string' },
    browsers: { type: 'string' },
    scale: { type: 'string' },
    'browser-scale': { type: 'string', default: '8' },
    middle: { type: 'string' },
    'middle-scale': { type: 'string', default: '4' },
    runs: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'without-rivals': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(usage)
else {
  const { quick } = values
  const numbers = {
    readers: Number(values.readers ?? (quick ? 4 : 24)),
    browsers: Number(values.browsers ?? (quick ? 0 : 8)),
    scale: Number(values.scale ?? (quick ? 1 : 2)),
    browserScale: Number(values['browser-scale']),
    middle: Number(values.middle ?? (quick ? 0 : 12)),
    middleScale: Number(values['middle-scale']),
    seed: Number(values.seed),
    runs: Number(values.runs ?? (quick ? 1 : 5)),
  }
  const { readers, scale, browserScale, middleScale, runs } = numbers
  const { only } = values
  if (!Object.values(numbers).every(Number.isFinite) || Math.min(readers, runs) < 1) throw new Error(usage)
  if (Math.min(scale, browserScale, middleScale) <= 0 || !parts.includes(only)) throw new Error(usage)
  await measure({ ...numbers, only, isQuick: quick, isAlone: values['without-rivals'] })
}

interface Options {
  readonly readers: number
  readonly browsers: number
  readonly scale: number
  readonly browserScale: number
  readonly middle: number
  readonly middleScale: number
  readonly seed: number
  readonly runs: number
  readonly only: string | undefined
  readonly isQuick: boolean
  readonly isAlone: boolean
}

async function measure(options: Options): Promise<void> {
  const { readers, browsers, scale, browserScale, middle, middleScale, only } = options
  const rows: BenchRow[] = []
  if (only === undefined || only === 'readers') rows.push(...(await mixedCrowd(readers, scale, options)))
  if (only === undefined || only === 'browsers')
    rows.push(...(await crowdOfBrowsers(browsers, browserScale, options)))
  if (only === undefined || only === 'middle')
    rows.push(...(await crowdOfBrowsers(middle, middleScale, options)))
  printReport('flash-crowd', rows)
}

async function mixedCrowd(readers: number, scale: number, options: Options): Promise<BenchRow[]> {
  const node = (kind: string) => Array<string>(readers).fill(kind)
  // Browsers are spread over the crowd's time.
  const each = Math.max(1, Math.floor(readers / mixedBrowsers))
  const mixed = node('peerpress').map((kind, index) =>
    options.browsers > 0 && index % each === each - 1 ? 'chromium' : kind,
  )
  return inRig(readers, scale, options, async ({ crowd, aboveFoldBytes, run }) =>
    rowsOf({
      name: `${readers} readers`,
      crowds: [crowd],
      aboveFold: aboveFoldBytes,
      ours: [await run(mixed)],
      rivals: options.isAlone
        ? {}
        : { 'plain HTTP': [await run(node('http'))], WebTorrent: [await run(node('webtorrent'))] },
      targets: { limit: 1.25, offload: 0.8 },
    }),
  )
}

async function crowdOfBrowsers(browsers: number, scale: number, options: Options): Promise<BenchRow[]> {
  if (browsers === 0) return []
  const all = (kind: string) => Array<string>(browsers).fill(kind)
  const results: { crowd: Crowd; aboveFoldBytes: number; ours: CrowdResult; theirs: CrowdResult | null }[] =
    []
  for (let offset = 0; offset < options.runs; offset++) {
    const seed = options.seed + offset
    results.push(
      await inRig(browsers, scale, { ...options, seed }, async ({ crowd, aboveFoldBytes, run }) => ({
        crowd,
        aboveFoldBytes,
        ours: await run(all('chromium')),
        theirs: options.isAlone ? null : await run(all('media-loader')),
      })),
    )
  }
  return rowsOf({
    name: `${browsers} browsers`,
    crowds: results.map(({ crowd }) => crowd),
    aboveFold: results[0]?.aboveFoldBytes ?? 0,
    ours: results.map(({ ours }) => ours),
    rivals: options.isAlone
      ? {}
      : { 'p2p-media-loader-core': results.map(({ theirs }) => theirs).filter((theirs) => theirs !== null) },
    targets: { fairShare: 1.25, offload: 0.7 },
  })
}

/** Where a crowd's runs take place, one after the other. */
interface Ground {
  readonly crowd: Crowd
  /** Bytes of the post that are seen without scrolling. */
  readonly aboveFoldBytes: number
  readonly run: (kinds: readonly string[]) => Promise<CrowdResult>
}

async function inRig<Result>(
  count: number,
  scale: number,
  { isQuick, seed }: Options,
  work: (ground: Ground) => Promise<Result>,
): Promise<Result> {
  const rates = { originUp: 20 / scale, down: 20 / scale, up: 10 / scale }
  const post = isQuick
    ? { pictures: 4, picture: 345_000, video: 2_200_000 }
    : { pictures: 12, picture: 400_000, video: 5_200_000 }
  const random = seededRandom(seed)
  const window = (isQuick ? 2000 : 10_000) * scale
  const crowd = {
    arrivals: Array.from({ length: count }, () => random() * window).toSorted((a, b) => a - b),
    size: post.pictures * post.picture + post.video,
    originUp: rates.originUp * mbit,
    down: rates.down * mbit,
    up: rates.up * mbit,
  }
  const rig = await openRig(count, rates, post)
  try {
    return await work({ crowd, aboveFoldBytes: aboveFold * post.picture, run })
  } finally {
    await rig.close()
  }

  async function run(kinds: readonly string[]): Promise<CrowdResult> {
    const members = kinds.map((kind, index) => ({
      file: new URL(`readers/${kind}.main.ts`, import.meta.url),
      within: rig.network.readers[index]?.within ?? [],
    }))
    const to = { page: rig.page, originRate: crowd.originUp }
    const result = await runCrowd(members, crowd.arrivals, { origin: rig.origin, to })
    const seconds = result.times.map((time) => (time / 1000).toFixed(1)).join(' ')
    const share = result.origin.media / (crowd.size * kinds.length)
    console.error(`${kinds[0]}: waited ${seconds} s (times × ${scale}, arrivals of seed ${seed})`)
    console.error(`  the origin sent ${Math.round(100 * share)} %, CPU ${result.cpu.toFixed(0)} s`)
    const [load = 0] = loadavg()
    const limited = result.busy > 0.8 ? ': links were not the only limit' : ''
    console.error(
      `  processors ${Math.round(100 * result.busy)} % busy, load ${load.toFixed(1)} of ${cpus().length}${limited}`,
    )
    return result
  }
}
