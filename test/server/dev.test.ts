import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { graphqlClient, repositoryDirectory } from '@peerpress/cli'
import { freePort } from '../support/free-port.ts'

const limits = { timeout: 240_000 }

suite('./peerpress dev', limits, () => {
  let data: string
  let child: ChildProcess
  let lines: Interface
  let dashboard: string

  /** Resolves with the next line that has the text. */
  async function line(text: string): Promise<string> {
    for (;;) {
      const [printed] = (await once(lines, 'line', { signal: AbortSignal.timeout(limits.timeout) })) as [
        string,
      ]
      if (printed.includes(text)) return printed
    }
  }

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'peerpress-dev-'))
    const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
    const ports = ['--port', String(await freePort()), '--dashboard', String(await freePort())]
    child = spawn(process.execPath, [main, 'dev', ...ports, '--data', data], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    assert.ok(child.stderr)
    lines = createInterface({ input: child.stderr })
    const [, url = ''] = /(http:\S+)/.exec(await line('hot reload')) ?? []
    dashboard = url
  }, limits)
  after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  })

  test('serves the dashboard from its sources', async () => {
    assert.match(await (await fetch(dashboard)).text(), /\/@vite\/client[\s\S]*\/src\/main\.tsx/)
    assert.match(await (await fetch(new URL('src/main.tsx', dashboard))).text(), /preact/)
  })

  test('has a sample site whose views come from five countries', async () => {
    const range = { from: new Date(Date.now() - 8 * 86_400_000), to: new Date() }
    const query = `query($range: RangeInput!) { sites(first: 1) { edges { node {
      report(range: $range) { totals { views } breakdown(by: COUNTRY) { key } bots { views } } } } } }`
    const client = graphqlClient(dashboard)
    // Beacons reach the store a moment after they were accepted.
    for (;;) {
      const { sites } = await client.query<Sites>(query, { range })
      const report = sites.edges[0]?.node.report
      if (report === undefined || report.totals.views < 250) continue
      assert.deepEqual(report.breakdown.map(({ key }) => key).toSorted(), ['BR', 'IN', 'JP', 'NL', 'US'])
      assert.equal(report.bots.views, 0)
      break
    }
  })

  test('restarts the server when one of its files changes', async () => {
    const restarted = line('listens at')
    const now = new Date()
    await utimes(new URL('packages/tracker/src/tracker.ts', repositoryDirectory), now, now)
    await restarted
  })
})

interface Sites {
  readonly sites: {
    readonly edges: readonly {
      readonly node: {
        readonly report: {
          readonly totals: { readonly views: number }
          readonly breakdown: readonly { readonly key: string }[]
          readonly bots: { readonly views: number }
        }
      }
    }[]
  }
}
