import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Bundles what a reader's browser loads into `dist`: `loader.js` (classic script), `worker.js` (classic service
 * worker) and `swarm.js` and `notice.js` (modules, loaded by the loader with `import()`). Throws esbuild's `BuildFailure`.
 */
export async function buildVisitor(): Promise<void> {
  const common = {
    bundle: true,
    minify: true,
    // The oldest browsers that have Ed25519 in WebCrypto understand all of it.
    target: 'es2022',
    legalComments: 'none',
    outdir: folder('dist'),
    logLevel: 'warning',
  } as const
  await Promise.all([
    build({ ...common, entryPoints: { loader: folder('src/loader/main.ts') }, format: 'iife' }),
    build({ ...common, entryPoints: { worker: folder('src/worker/main.ts') }, format: 'iife' }),
    build({
      ...common,
      entryPoints: { swarm: folder('src/runtime/main.ts'), notice: folder('src/notice/main.ts') },
      format: 'esm',
    }),
  ])
}

if (import.meta.main) await buildVisitor()
