import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Format, type Plugin } from 'esbuild'
import { minify } from 'terser'
import { writeDeclarations } from './declarations.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where the bundles are written: a classic script for a page's own tag, and a module for a page that is bundled. */
export const rumBundle: string = folder('dist/rum.js')
export const rumModule: string = folder('dist/index.js')

/**
 * Bundles the SDK into `dist`, with the module's declarations and web-vitals' licence.
 * @throws esbuild's `BuildFailure`, terser's error, or what the compiler says.
 */
export async function buildRum(): Promise<void> {
  await mkdir(folder('dist'), { recursive: true })
  await Promise.all([
    bundle('src/main.ts', 'iife').then((code) => writeFile(rumBundle, `${compileHint}\n${code}`)),
    bundle('src/index.ts', 'esm').then((code) => writeFile(rumModule, code)),
    copyFile(folder('../../node_modules/web-vitals/LICENSE'), folder('dist/web-vitals.LICENSE')),
    writeDeclarations(folder('.'), folder('dist/')),
  ])
}

async function bundle(entry: string, format: Format): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    format,
    // web-vitals itself needs that much. Readers whose browser is older are not measured.
    target: ['es2020'],
    legalComments: 'none',
    mangleProps: inner,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [leaner],
    entryPoints: [folder(entry)],
    logLevel: 'warning',
    write: false,
  })
  const bundled = outputFiles[0]?.text ?? ''
  // What esbuild leaves, terser makes 6 % smaller after gzip.
  const { code } = await minify(bundled, {
    ecma: 2020,
    toplevel: true,
    module: format === 'esm',
    compress: {
      passes: 5,
      unsafe_arrows: true,
      unsafe_methods: true,
      // Nothing in it reads a property for what reading it does.
      pure_getters: true,
      keep_fargs: false,
    },
  })
  return code ?? bundled
}

// Nearly all of it runs at once: Chromium compiles it beside the page and not in its way.
// https://v8.dev/blog/explicit-compile-hints
const compileHint = '//# allFunctionsCalledOnLoad'

// web-vitals' own bundles shorten its inner names by the first rule; the others are its own too, or ours, and in no
// beacon, in nothing that a page is given and in no browser's interface.
const innerNames =
  'navigationInteractionId navigationURL navigationStartTime reportAllChanges firstHiddenTime onHidden ' +
  'startedAt snapshots sampled tallies figures reasons sendLater retry attend look begin touch hear peek owes skip lost ' +
  'targetOf frameOf ratio total frame paint instance start end update'
const inner = new RegExp(`^(_[a-z].*|${innerNames.replaceAll(' ', '|')})$`)

/** Parts of web-vitals of which `src/web-vitals` has leaner ones with the same interface. */
const leanerParts = ['bindReporter', 'initMetric', 'initUnique', 'softNavs', 'whenIdleOrHidden']

/** `web-vitals/lib/…` is what web-vitals is made of. */
const leaner: Plugin = {
  name: 'leaner',
  setup(bundling) {
    const library = folder('../../node_modules/web-vitals/dist/modules/lib/')
    bundling.onResolve({ filter: /^(web-vitals|\.)\/lib\/\w+\.js$/ }, ({ path }) => {
      const part = basename(path, '.js')
      const ours = part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      return {
        path: leanerParts.includes(part) ? folder(`src/web-vitals/${ours}.ts`) : `${library}${part}.js`,
      }
    })
    // Taken for TypeScript, its classes are spared the definition of their fields.
    bundling.onLoad({ filter: /web-vitals\/dist\/modules\/.*\.js$/ }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
    }))
  },
}

if (import.meta.main) await buildRum()
