import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { browserIsGone, probeBrowserOf } from '../support/browser/probe-processes.ts'
import { type ProbedOrigin, startProbedOrigin } from '../support/browser/probed-origin.ts'
import { peerpress } from '../support/server/peerpress.ts'

// A build server says so by this variable, and some libraries colour pipes then.
process.env['CI'] = 'true'

describe('peerpress probe', () => {
  let origin: ProbedOrigin
  before(async () => {
    origin = await startProbedOrigin({
      '/': '<img src=a.png>',
      '/a.png': 'a',
      '/broken': (_request, response) => response.writeHead(500).end(),
      '/silent': () => {},
    })
  })
  after(() => origin.close())

  test('prints the waterfall of a page in a browser, without colours where no terminal is', async () => {
    const { code, stdout, stderr } = await peerpress('probe', origin.origin, '--private')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /in a browser · status 200/)
    assert.match(stdout, /\/a\.png {2}/)
    assert.ok(!stdout.includes('\u{1b}'))
  })

  test('prints the whole result as JSON', async () => {
    const { code, stdout } = await peerpress(
      'probe',
      `${origin.origin}/#top`,
      '--private',
      '--http',
      '--json',
    )
    assert.equal(code, 0)
    const result = JSON.parse(stdout) as Record<string, unknown>
    assert.equal(result['kind'], 'http')
    assert.equal(result['url'], `${origin.origin}/`)
    assert.equal(result['failure'], null)
  })

  test('ends with 1 and the reason when readers do not see the page', async () => {
    const { code, stderr } = await peerpress('probe', `${origin.origin}/broken`, '--private', '--http')
    assert.equal(code, 1)
    assert.match(stderr, /responded with status 500/)
  })

  test('refuses private addresses unless they are allowed', async () => {
    const { code, stderr } = await peerpress('probe', origin.origin, '--http')
    assert.equal(code, 1)
    assert.match(stderr, /no public address.*--private/)
  })

  test('ends the browser on Ctrl-C', async () => {
    const command = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
    const words = [command, 'probe', `${origin.origin}/silent`, '--private']
    const child = spawn(process.execPath, words, { stdio: 'ignore' })
    await origin.requested('/silent')
    const browser = probeBrowserOf(child.pid as number)
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    assert.equal(code, 130)
    await browserIsGone(browser)
  })
})
