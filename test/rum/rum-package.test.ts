import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { repositoryDirectory } from '@peerpress/cli'
import { measuredSite as site } from '../support/browser/measured-blog.ts'
import { measuredReader } from '../support/browser/measured-reader.ts'

const run = promisify(execFile)
const packageDirectory = fileURLToPath(new URL('packages/rum', repositoryDirectory))

suite('the package @peerpress/rum, installed elsewhere', { timeout: 120_000 }, () => {
  const reader = measuredReader()
  const { hide, settle } = reader
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peerpress-package-'))
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: packageDirectory,
    })
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>)
    assert.ok(packed)
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    // Nothing is fetched: it has no dependencies.
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], {
      cwd: folder,
    })
  })
  after(() => rm(folder, { recursive: true, force: true }))

  test('brings what it needs, licences included, and nothing else', async () => {
    const installed = join(folder, 'node_modules/@peerpress/rum')
    const { devDependencies: _, ...manifest } = JSON.parse(
      await readFile(join(installed, 'package.json'), 'utf8'),
    ) as Record<string, unknown>
    assert.deepEqual([manifest['dependencies'], manifest['peerDependencies']], [undefined, undefined])
    assert.match(await readFile(join(installed, 'LICENSE'), 'utf8'), /^MIT License/)
    assert.match(await readFile(join(installed, 'dist/web-vitals.LICENSE'), 'utf8'), /Apache License/)
    const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: object
    }
    assert.deepEqual(Object.keys(packages), ['', 'node_modules/@peerpress/rum'])
  })

  test('has types that know the events of a page, and need nothing but the DOM', async () => {
    await writeFile(join(folder, 'page.ts'), page)
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      }
      const configuration = { compilerOptions, files: ['page.ts'] }
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(configuration))
      const compiler = fileURLToPath(new URL('node_modules/.bin/tsc', repositoryDirectory))
      await run(compiler, ['-p', folder]).catch((error: unknown) =>
        assert.fail((error as { stdout: string }).stdout),
      )
    }
  })

  test('is taken by a server that renders the page, and does nothing there', async () => {
    const script = `import { measure } from '@peerpress/rum'
      const { event, consent, stop } = measure({ site: '${site}', server: 'https://peerpress.example' })
      event('sign-up'), consent(true), consent(false), stop()`
    await writeFile(join(folder, 'render.js'), script)
    assert.deepEqual(await run(process.execPath, ['render.js'], { cwd: folder }), { stdout: '', stderr: '' })
  })

  test('measures in a bundle as the snippet does, until it is stopped', async () => {
    await writeFile(join(folder, 'page.ts'), page)
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'page.ts')],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    const { page: tab, blog, collector, errors } = reader
    await tab.goto(blog.url('/nothing'))
    await tab.evaluate((server) => Reflect.set(window, 'collector', `${server}/`), collector.origin)
    await tab.addScriptTag({ type: 'module', content: outputFiles[0]?.text ?? '' })
    await tab.click('button')
    await settle()
    await hide()
    const beacon = await collector.received('the view', () => true)
    assert.deepEqual([beacon.site, beacon.post, beacon.session], [site, '12', null])
    assert.equal(beacon.url, blog.url('/changed'), 'the page had a look at it')
    assert.ok(beacon.vitals.fcp !== null && beacon.vitals.inp !== null && beacon.load !== null)
    assert.deepEqual(beacon.events, [
      { name: 'sign-up', count: 1, value: null },
      { name: 'basket', count: 1, value: 19.5 },
      { name: 'share.mastodon', count: 1, value: null },
    ])

    // From the next view on the tab may remember, and after a refusal it remembers nothing.
    await reader.show()
    await tab.evaluate(() => {
      ;(Reflect.get(window, 'measurement') as Measurement).consent(true)
      history.pushState(null, '', '/agreed')
    })
    assert.equal(await tab.evaluate(() => sessionStorage.length), 1)
    await hide()
    const agreed = await collector.received('a session', ({ session }) => session !== null)
    assert.equal(agreed.navigation, 'soft-navigation')
    await reader.show()
    await tab.evaluate(() => {
      ;(Reflect.get(window, 'measurement') as Measurement).consent(false)
      history.pushState(null, '', '/refused')
    })
    assert.equal(await tab.evaluate(() => sessionStorage.length), 0)
    await tab.evaluate(() => {
      ;(Reflect.get(window, 'measurement') as Measurement).stop()
      history.pushState(null, '', '/stopped')
    })
    await tab.goto(blog.url('/elsewhere'))
    await hide()
    await collector.received('the next page', ({ post, url }) => post === '12' && !url.endsWith('/changed'))
    const views = new Set(collector.requests.map(({ body }) => (JSON.parse(body) as { view: string }).view))
    assert.equal(views.size, 3)
    assert.deepEqual(errors, [])
  })
})

interface Measurement {
  readonly consent: (granted: boolean) => void
  readonly stop: () => void
}

/** A page's own code. */
const page = `import { measure, type BeforeSend, type Measurement, type Report } from '@peerpress/rum'

interface Events {
  'sign-up': undefined
  basket: number
  search: number | undefined
  [share: \`share.\${string}\`]: undefined
}

const beforeSend: BeforeSend = (report: Report) => ({ ...report, url: new URL('/changed', location.href).href })
const measurement: Measurement<Events> = measure<Events>({
  site: '${site}',
  post: '12',
  server: (window as unknown as { collector: string }).collector,
  beforeSend,
})
Object.assign(window, { measurement })
measurement.event('sign-up')
measurement.event('basket', 19.5)
measurement.event('share.mastodon')

export function notCalled(report: Report): void {
  measurement.event('search')
  measurement.event('search', 3)
  // @ts-expect-error: not one of the page's events
  measurement.event('sign-in')
  // @ts-expect-error: a basket has a value
  measurement.event('basket')
  // @ts-expect-error: a sign-up has none
  measurement.event('sign-up', 1)
  // @ts-expect-error: null is not measured, and no number
  const lcp: number = report.vitals.lcp
  // @ts-expect-error: a view without a runtime tells nothing of peers
  report.delivery?.bytes.peer
  // @ts-expect-error: without a site nothing is measured
  measure({ server: 'https://peerpress.example' })
  measure({ site: 'a', server: 'b' }).event('anything', lcp)
}
`
