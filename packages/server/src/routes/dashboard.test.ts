import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import express from 'express'
import { dashboardRoutes } from './dashboard.ts'

suite('the routes of the dashboard', () => {
  let directory: string
  let url: string
  let close: () => void
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-dashboard-'))
    await mkdir(join(directory, 'assets'))
    await writeFile(
      join(directory, 'index.html'),
      '<head><link href="./icon.svg"><script src="./assets/a.js"></script></head>',
    )
    await writeFile(join(directory, 'assets/a.js'), 'run()')
    await writeFile(join(directory, 'pages.json'), '{"regions":["assets/r.js","assets/s.js"]}')
    const server = express().use(dashboardRoutes(directory)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => server.close()
  })
  after(async () => {
    close()
    await rm(directory, { recursive: true, force: true })
  })

  test('every page is the same HTML, which finds its files from there', async () => {
    for (const [path, script] of [
      ['/', './assets/a.js'],
      ['/sign-in', './assets/a.js'],
      ['/sites/abcdefgh12345678', '../assets/a.js'],
      ['/sites/abcdefgh12345678/regions', '../../assets/a.js'],
      ['/sites/abcdefgh12345678/regions/', '../../../assets/a.js'],
    ] as const) {
      const response = await fetch(url + path)
      const html = await response.text()
      assert.ok(html.includes(`src="${script}"`), `${path}: ${html}`)
      const found = new URL(script, url + path)
      assert.equal(found.pathname, '/assets/a.js')
      assert.equal(response.headers.get('cache-control'), 'no-cache')
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/)
    }
  })

  test('a page of a site names its own scripts, so that they are loaded with the others', async () => {
    const namedOn = async (path: string) => {
      const html = await (await fetch(url + path)).text()
      return [...html.matchAll(/rel="modulepreload" crossorigin href="([^"]+)"/g)].map(([, href]) => href)
    }
    assert.deepEqual(await namedOn('/sites/abcdefgh12345678/regions'), [
      '../../assets/r.js',
      '../../assets/s.js',
    ])
    for (const path of [
      '/',
      '/sites/abcdefgh12345678',
      '/sites/a/search',
      '/sites/a/__proto__',
      '/sites/a/%22%3E',
    ]) {
      assert.deepEqual(await namedOn(path), [], path)
    }
  })

  test('its files are served under names that a cache may keep', async () => {
    const response = await fetch(`${url}/assets/a.js`)
    assert.equal(await response.text(), 'run()')
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/)
  })

  test('other paths and methods are not its own', async () => {
    for (const path of ['/elsewhere', '/sites', '/sites/a/b/c', '/index.html/x', '/assets'])
      assert.ok([400, 404].includes((await fetch(url + path)).status), path)
    assert.equal((await fetch(`${url}/sites/abc`, { method: 'POST' })).status, 404)
  })
})
