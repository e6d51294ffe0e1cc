import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Format, type Plugin } from 'esbuild'
import { minify } from 'terser'
import writeFileAtomic from 'write-file-atomic'
import { writeDeclarations } from './declarations.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Output files: a classic script for a page's own tag, and a module for bundled pages. */
export const rumBundle: string = folder('dist/rum.js')
export const rumModule: string = folder('dist/index.js')

/**
 * Bundles the SDK into `dist`, with the module's declarations and the licence of web-vitals.
 * @throws esbuild's `BuildFailure`, terser's error, or the compiler's output.
 */
export async function buildRum(): Promise<void> {
  await mkdir(folder('dist'), { recursive: true })
  await Promise.all([
    // A server may be reading the previous files.
    bundle('src/main.ts', 'iife').then((code) => writeFileAtomic(rumBundle, `${compileHint}\n${code}`)),
    bundle('src/index.ts', 'esm').then((code) => writeFileAtomic(rumModule, code)),
    copyFile(folder('../../node_modules/web-vitals/LICENSE'), folder('dist/web-vitals.LICENSE')),
    writeDeclarations(folder('.'), folder('dist/')),
  ])
}

async function bundle(entry: string, format: Format): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    format,
    // web-vitals itself requires this version. Older browsers are not measured.
    target: ['es2020'],
    legalComments: 'none',
    mangleProps: innerPattern,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [replaceModules],
    entryPoints: [folder(entry)],
    logLevel: 'warning',
    write: false,
  })
  const bundled = outputFiles[0]?.text ?? ''
  // After gzip, terser makes esbuild's output 6 % smaller.
  const { code } = await minify(bundled, {
    ecma: 2020,
    toplevel: true,
    module: format === 'esm',
    compress: {
      passes: 5,
      unsafe_arrows: true,
      unsafe_methods: true,
      // No code reads a property for its side effect.
      pure_getters: true,
      keep_fargs: false,
    },
  })
  return code ?? bundled
}

// Nearly all functions run at once, so Chromium compiles them in the background instead of blocking the page.
// https://v8.dev/blog/explicit-compile-hints
const compileHint = '//# allFunctionsCalledOnLoad'

// web-vitals' own bundles shorten its inner names by the first rule. The other names are inner names of web-vitals or
// of the SDK. They occur in no beacon, in no public interface and in no browser interface.
const innerNames =
  'navigationInteractionId navigationURL navigationStartTime reportAllChanges firstHiddenTime onHidden ' +
  'startedAt snapshots sampled tallies figures causes sendLater retry updateAttention setAttention updateDepth ' +
  'begin touch addVital peek hasUndelivered markSent markLost ' +
  'targetOf frameOf ratio total frame paint instance start end update'
const innerPattern = new RegExp(`^(_[a-z].*|${innerNames.replaceAll(' ', '|')})$`)

/** Modules of web-vitals that `src/web-vitals` replaces by smaller ones with the same interface. */
const replacedModules = ['bindReporter', 'initMetric', 'initUnique', 'softNavs', 'whenIdleOrHidden']

/** Resolves `web-vitals/lib/…` to the modules of web-vitals or to our replacements. */
const replaceModules: Plugin = {
  name: 'leaner',
  setup(bundling) {
    const library = folder('../../node_modules/web-vitals/dist/modules/lib/')
    bundling.onResolve({ filter: /^(web-vitals|\.)\/lib\/\w+\.js$/ }, ({ path }) => {
      const part = basename(path, '.js')
      const ours = part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      return {
        path: replacedModules.includes(part) ? folder(`src/web-vitals/${ours}.ts`) : `${library}${part}.js`,
      }
    })
    // Loaded as TypeScript, the classes get no field definitions, which saves bytes.
    bundling.onLoad({ filter: /web-vitals\/dist\/modules\/.*\.js$/ }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
    }))
  },
}

if (import.meta.main) await buildRum()
