import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { repositoryDirectory } from '@peerpress/cli'

/** bytes, compressed: what a browser loads before the first report is drawn, without the map. */
const firstLoad = 100_000

test('the first load of the dashboard is small', { timeout: 120_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-dashboard-size-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', repositoryDirectory))
  const options = ['build', '--logLevel', 'error', '--outDir', directory, '--emptyOutDir']
  const cwd = fileURLToPath(new URL('packages/dashboard', repositoryDirectory))
  await promisify(execFile)(process.execPath, [vite, ...options], { cwd })
  const page = await readFile(join(directory, 'index.html'), 'utf8')
  // A browser on a slow connection waits for the last of them.
  assert.equal([...page.matchAll(/\.js"/g)].length, 2, 'the first load has two scripts')
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path ?? '')
  const sizes = await Promise.all(
    ['index.html', ...named].map(async (path) => gzipSync(await readFile(join(directory, path))).length),
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  t.diagnostic(`${total} bytes`)
  assert.ok(named.length > 2, 'the page names its files')
  assert.ok(total <= firstLoad, `${total} bytes, ${firstLoad} are allowed`)
  const pages = Object.entries(
    JSON.parse(await readFile(join(directory, 'pages.json'), 'utf8')) as Record<string, string[]>,
  )
  assert.ok(pages.length > 10, 'each page of a site has scripts of its own')
  for (const [name, own] of pages) {
    assert.ok(own.length > 0 && own.every((file) => !named.includes(file)), name)
  }
  const editor = await readFile(join(directory, 'graphiql.html'), 'utf8')
  assert.ok(!/assets\/dashboard-[^"]*\.js/.test(editor), 'the editor of queries does not run the dashboard')
  const files = await readdir(join(directory, 'assets'))
  assert.ok(
    files.some((file) => file.startsWith('countries-50m') && !page.includes(file)),
    'the map is loaded later',
  )
})
