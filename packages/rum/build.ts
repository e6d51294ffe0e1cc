import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where the bundle is written: `dist/rum.js`, a classic script. */
export const rumBundle: string = folder('dist/rum.js')

/** Bundles the SDK into `dist/rum.js`. Throws esbuild's `BuildFailure`. */
export async function buildRum(): Promise<void> {
  await build({
    bundle: true,
    minify: true,
    format: 'iife',
    // web-vitals itself needs that much. Readers whose browser is older are not measured.
    target: ['es2020'],
    legalComments: 'none',
    // web-vitals' own bundles shorten its inner names by the same rule.
    mangleProps: /^_[a-z]/,
    entryPoints: [folder('src/main.ts')],
    outfile: rumBundle,
    logLevel: 'warning',
  })
}

if (import.meta.main) await buildRum()
