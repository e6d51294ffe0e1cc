import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { minify } from 'terser'
import writeFileAtomic from 'write-file-atomic'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Bundles what a reader's browser loads into `dist`: `loader.js` (classic script), `worker.js` (classic service
 * worker) and `swarm.js`, `notice.js` and `snapshot.js` (modules, loaded with `import()`). Throws esbuild's
 * `BuildFailure`, or terser's error.
 */
export async function buildVisitor(): Promise<void> {
  await Promise.all([
    bundle('iife', { loader: folder('src/loader/main.ts') }),
    bundle('iife', { worker: folder('src/worker/main.ts') }),
    bundle('esm', {
      swarm: folder('src/runtime/main.ts'),
      notice: folder('src/notice/main.ts'),
      snapshot: folder('src/snapshot/main.ts'),
    }),
  ])
}

/**
 * Returns a module of this package as a browser runs it, by its path within the package, for tests of a part alone. Names
 * are not shortened, because the test uses them.
 */
export async function moduleText(path: string): Promise<string> {
  const [file] = await bundled('esm', { module: folder(path) }, {})
  return file?.code ?? ''
}

async function bundle(format: 'iife' | 'esm', entryPoints: Record<string, string>): Promise<void> {
  await mkdir(folder('dist'), { recursive: true })
  // A server may be reading the previous file.
  for (const { path, code } of await bundled(format, entryPoints)) await writeFileAtomic(path, code)
}

/** Names of the engine's own, which stand in no message to a page, a worker or a tracker: terser may not guess them. */
const ownNames = new RegExp(
  `^(${[
    'holders|cancelled|originFailed|joinedAt|dueAt|outbox|settings|usedPeers|busyUntil|countLoss|timesLost',
    'verifying|exhausted|reopened|fellBack|isEarning|setOriginFailed|forgetFailures|isWorthWaiting|originLimit',
    'waitingSince|storeUnknown|addUnknown|takeUnknown|patience|stallTimeout|requestsPerPeer|maxSources|originRate|maxPeers',
    'uploadsPerPeer|maxUploads|stallMs|manifestVersion|markDenied|maySend|isUnreliable|receiptAt|receiptedBytes|passedOn',
    'uploadRate|fetchFailed|swarmSize|tellWorker|tellTracker|onHoldings|onSignal|onMessage|onJoined|onClosed',
    'verification|requestedAt|unsent|stalls|fetched|canServe|endDemands?|deadline|failAll|greeting|awaitsBitfield|inOrder',
    'downloads|connections|receipts|surplus|sendAll|isHalfEmpty|onLoaded|onCached|settle|removeRequest|addHeld|removeHeld|holds|setHeld|chunkAnnounced|takes|handles',
    'handle|order|early|offers|hasOffered|since|given|givenBytes|outcome|counted|brokenOff|demands|pages|opened|introduce|addAsset|uploads|taken|sentChunks|requests',
    'haveCount|markStored|signedBytes|addRequest|wake|move|scheduleCheck|tick|tell|fallBack|pace|gave|chunkSent|chunkReceived|most|lose|room|begin|fail|state',
    'maps|silence|inTime|claimed|restart|chunkArrived|hear|handleMessage|handleReceipt|told|announcements|hasAll|hedged?|begunAt|expectedAt',
    'announce|dropAll|forget|leave|resize|isSeed|onEnd|onEvent|onLead|onLeft|onPeer|onOpen|peerJoined|received|signChunk|signReceipt',
    'openChannel|setTimer|fetchRange|openSocket|fetchTicket|maxAttempts|fetchTurn|httpOrder|onDelivered|onDemandFailed',
    'inflow|addFromPeer|originSince|addFromOrigin|isFilledByPeers|markBusy|onTracker|onRefused|onBroken|onProblem|onGarbage|onDrained|hasPeers|isRefused|platform',
    'onLost|maxBytes|contains|isForeign|engine|pinned|serve|had',
    'count|chunks|reason|take|bits|poll|offset|spend|stall|swarmEvent|timerFired|useOrigin|asked|requestFor|learn|limit|allow|allowance|hasBitfield|ahead|requestLimit|shares|sending|payloadReceived',
  ].join('|')})$`,
)

/** What the engine and its shell call each other's words, in one bundle: nobody else hears them. */
export const ownWords: readonly string[] = [
  'upload-allowance|swarm-size|set-timer|send-receipt|send-chunk|peer-message|peer-left|peer-joined|peer-garbage',
  'fetch-failed|demand-failed|chunk-sent|chunk-lost|cancel-fetch|origin-first|mirrors-first|mirrors-alone|nothing new|reschedule',
  'sequential|verified|stalled|rejected|received|fetched|wasted',
]
  .join('|')
  .split('|')

/**
 * Nobody reads in a reader's browser why a message is refused, or what should never happen. And what only the parts of a
 * bundle say to each other is said in fewer letters.
 */
const wordless: Plugin = {
  name: 'wordless',
  setup(bundler) {
    const words = new RegExp(`'(${ownWords.join('|')})'`, 'g')
    const filter = /[\\/](?:wire|swarm|peer|visitor)[\\/]src[\\/](?:[\w-]+[\\/])*[\w-]+\.ts$/
    bundler.onLoad({ filter }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text
        .replaceAll(
          /new (?:Wire|Swarm)Error\('[a-z-]+', (?:'[^']*'|`[^`]*`)(?:, (?:'[^']*'|path))?\)/g,
          'new Error()',
        )
        .replaceAll(/new Error\((?:'[^']*'|`[^`]*`)\)/g, 'new Error()')
        .replaceAll(/`\$\{path\}[.[][^`]*`/g, '0')
        .replaceAll(/(Field\([\w.]+), '[\w.]+'/g, '$1, 0')
        .replaceAll(/(\bexpect\(.*), '\w+'\)/g, '$1, 0)')
        .replaceAll(words, (_, word: string) => `'.${ownWords.indexOf(word)}'`)
      return { contents, loader: 'ts' }
    })
  },
}

async function bundled(
  format: 'iife' | 'esm',
  entryPoints: Record<string, string>,
  names: Pick<BuildOptions, 'mangleProps'> = { mangleProps: ownNames },
): Promise<readonly { readonly path: string; readonly code: string }[]> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    // The oldest browsers that have Ed25519 in WebCrypto understand all of it.
    target: 'es2022',
    legalComments: 'none',
    outdir: folder('dist'),
    logLevel: 'warning',
    ...names,
    plugins: [wordless],
    entryPoints,
    format,
    write: false,
  })
  return Promise.all(
    outputFiles.map(async ({ path, text }) => {
      // What esbuild leaves, terser makes 4 % smaller after gzip; alone it would not shorten private names.
      const { code } = await minify(text, {
        module: format === 'esm',
        ecma: 2022,
        compress: {
          passes: 5,
          pure_getters: true,
          unsafe_arrows: true,
          sequences: false,
          lhs_constants: false,
        },
      })
      return { path, code: code ?? text }
    }),
  )
}

if (import.meta.main) await buildVisitor()
