import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** An SDK as a page loads it. */
export interface Sdk {
  readonly name: string
  readonly code: string
}

/** Where the page's server takes whatever an SDK sends. */
const endpoint = '/collect'

const rivals = new URL('../rivals/node_modules/', import.meta.url)
const boomerang = new URL('boomerangjs/', rivals)

/**
 * Each SDK with what measures most alike: vitals with what they are due to, resources, errors and navigations of the
 * page's own script, where it has them. All are sent everything.
 */
export async function bundleSdks(): Promise<readonly Sdk[]> {
  return Promise.all(
    Object.entries({
      'rum.js': readText(new URL('../../packages/rum/dist/rum.js', import.meta.url)),
      'web-vitals, attribution': bundle(`
        import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals/attribution'
        const queue = []
        for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB])
          on(({ name, value, id, attribution: { target, url, ...parts } }) => queue.push({ name, value, id, target, url }))
        addEventListener('visibilitychange', () => {
          if (document.visibilityState === 'hidden')
            navigator.sendBeacon('${endpoint}', JSON.stringify(queue.splice(0)))
        })`),
      'plausible (no vitals)': bundle(`
        import { init } from '@plausible-analytics/tracker'
        init({ domain: 'blog.example', endpoint: location.origin + '${endpoint}', captureOnLocalhost: true,
          outboundLinks: true, fileDownloads: true, logging: false })`),
      'lux.js': readText(new URL('@speedcurve/lux/dist/lux.es2020.min.js', rivals)).then(
        (code) =>
          `LUX={customerid:"1",samplerate:100,beaconUrl:"${endpoint}",beaconUrlV2:"${endpoint}"};${code}`,
      ),
      'boomerang, SPA and errors': bundleBoomerang(),
      'faro-web-sdk': bundle(`
        import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk'
        initializeFaro({ url: location.origin + '${endpoint}', app: { name: 'blog', version: '1' },
          instrumentations: getWebInstrumentations() })`),
      'sentry with tracing': bundle(`
        import { browserTracingIntegration, init } from '@sentry/browser'
        init({ dsn: location.origin.replace('//', '//key@') + '/1', tunnel: '${endpoint}', tracesSampleRate: 1,
          integrations: [browserTracingIntegration()] })`),
    }).map(async ([name, code]) => ({ name, code: await code })),
  )
}

/** As a page's own bundler does it. */
async function bundle(contents: string): Promise<string> {
  return minify({ contents, resolveDir: fileURLToPath(rivals), loader: 'js' }, true)
}

/** As its own build does: the files of a flavour one after another, without what is for debugging. */
async function bundleBoomerang(): Promise<string> {
  const { flavors } = JSON.parse(await readText(new URL('plugins.json', boomerang))) as {
    readonly flavors: Readonly<Record<string, { readonly plugins: readonly string[] }>>
  }
  const plugins = flavors['default-spa-errors']?.plugins ?? []
  const files = ['boomerang.js', ...plugins, 'plugins/zzz-last-plugin.js']
  const parts = await Promise.all(files.map((file) => readText(new URL(file, boomerang))))
  const contents = parts
    .join('\n')
    .replaceAll(/\/\*\s*BEGIN_DEBUG_TOKEN\s*\*\/[^]*?\/\*\s*END_DEBUG_TOKEN\s*\*\//g, '')
  const start = `BOOMR.init({ beacon_url: location.origin + '${endpoint}', beacon_url_force_https: false,
    instrument_xhr: true, autorun: true, ResourceTiming: { enabled: true }, Errors: { enabled: true },
    History: { enabled: true, auto: true } })`
  return minify({ contents: `${contents}\n${start}`, loader: 'js' }, false)
}

async function minify(
  stdin: { readonly contents: string; readonly resolveDir?: string; readonly loader: 'js' },
  isBundled: boolean,
): Promise<string> {
  const { outputFiles } = await build({
    stdin,
    bundle: isBundled,
    minify: true,
    ...(isBundled ? { format: 'iife' as const } : {}),
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

function readText(file: URL): Promise<string> {
  return readFile(file, 'utf8')
}
