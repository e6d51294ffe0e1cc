import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { seededRandom } from '@peerpress/swarm/simulation'
import { printReport } from '../print-report.ts'
import { type CrowdResult, runCrowd } from './crowd.ts'
import type { Crowd } from './limit.ts'
import { aboveFold } from './post.ts'
import { openRig } from './rig.ts'
import { rowsOf } from './rows.ts'

const usage = `node bench/flash-crowd/main.ts [--quick] [--readers 24] [--browsers 8] [--scale 2] [--seed 1]

Real readers in network namespaces come to one post within ten seconds, all for the first time: 20 Mbit/s from the origin,
20 to each reader and 10 from it. PeerPress beside the plain site, WebTorrent with a web seed, and p2p-media-loader-core
in browsers. Needs root.
  --readers N   readers of the crowd; four of those of PeerPress are browsers
  --browsers N  readers of the smaller crowd of browsers alone; 0: none of it
  --scale N     all rates divided, and all times multiplied: where processors and not links would be the limit
  --seed N      other arrivals
  --quick       four readers in Node, a small post`

/** Browsers among the readers of the large crowd. */
const mixedBrowsers = 4
/** bytes/ms of one Mbit/s */
const mbit = 125

const { values } = parseArgs({
  options: {
    readers: { type: 'string' },
    browsers: { type: 'string' },
    scale: { type: 'string' },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(usage)
else {
  const { quick } = values
  const [readers, browsers, scale, seed] = [
    Number(values.readers ?? (quick ? 4 : 24)),
    Number(values.browsers ?? (quick ? 0 : 8)),
    Number(values.scale ?? (quick ? 1 : 2)),
    Number(values.seed),
  ]
  if (![readers, browsers, scale, seed].every(Number.isFinite) || readers < 1 || scale <= 0)
    throw new Error(usage)
  await measure({ readers, browsers, scale, seed, isQuick: quick })
}

async function measure(options: {
  readonly readers: number
  readonly browsers: number
  readonly scale: number
  readonly seed: number
  readonly isQuick: boolean
}): Promise<void> {
  const { readers, browsers, scale, seed, isQuick } = options
  const rates = { originUp: 20 / scale, down: 20 / scale, up: 10 / scale }
  const post = isQuick
    ? { pictures: 4, picture: 345_000, video: 2_200_000 }
    : { pictures: 12, picture: 400_000, video: 5_200_000 }
  const rig = await openRig(Math.max(readers, browsers), rates, post)
  try {
    const node = (kind: string) => Array<string>(readers).fill(kind)
    const large = crowdOf(readers)
    // Browsers are spread over the crowd's time.
    const each = Math.max(1, Math.floor(readers / mixedBrowsers))
    const mixed = node('peerpress').map((kind, index) =>
      browsers > 0 && index % each === each - 1 ? 'chromium' : kind,
    )
    const rows = rowsOf({
      name: `${readers} readers`,
      crowd: large,
      aboveFold: aboveFold * post.picture,
      ours: await run(large, mixed),
      rivals: {
        'plain HTTP': await run(large, node('http')),
        WebTorrent: await run(large, node('webtorrent')),
      },
      isHeld: true,
    })
    if (browsers > 0) {
      const small = crowdOf(browsers)
      const all = (kind: string) => Array<string>(browsers).fill(kind)
      rows.push(
        ...rowsOf({
          name: `${browsers} browsers`,
          crowd: small,
          aboveFold: aboveFold * post.picture,
          ours: await run(small, all('chromium')),
          rivals: { 'p2p-media-loader-core': await run(small, all('media-loader')) },
          isHeld: false,
        }),
      )
    }
    printReport('flash-crowd', rows)
  } finally {
    await rig.close()
  }

  function crowdOf(count: number): Crowd {
    const random = seededRandom(seed)
    const window = (isQuick ? 2000 : 10_000) * scale
    return {
      arrivals: Array.from({ length: count }, () => random() * window).toSorted((a, b) => a - b),
      size: post.pictures * post.picture + post.video,
      originUp: rates.originUp * mbit,
      down: rates.down * mbit,
      up: rates.up * mbit,
    }
  }

  async function run(crowd: Crowd, kinds: readonly string[]): Promise<CrowdResult> {
    const members = kinds.map((kind, index) => ({
      file: new URL(`${kind}.main.ts`, import.meta.url),
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
