import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { createLocalModels, type LocalModels } from '@peerpress/editorial'
import {
  startNpmRegistry,
  unreachableRegistry,
  withNpmRegistry,
} from '@peerpress/editorial/local-models/testing'
import { ask, openTestApi, type SendingApi, sendingApi, type TestApi } from './api.testing.ts'
import { addMembersSite } from './members.testing.ts'

const install = 'mutation { localModelsInstall { isInstalled isInstalling problem } }'
const state = '{ localModels { isInstalled isInstalling problem } }'

// npm is real. The registry is one on loopback.
suite('installing the runtime of local models by the graph', { timeout: 120_000 }, () => {
  let opened: TestApi
  let directory: string
  let models: LocalModels
  let api: SendingApi
  before(async () => {
    opened = await openTestApi()
    directory = await mkdtemp(join(tmpdir(), 'peerpress-graph-models-'))
    models = createLocalModels(directory)
    api = sendingApi({ ...opened.sources, localModels: models })
  })
  after(async () => {
    await models.close()
    await opened.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** The state once no installation runs. */
  const ended = async () => {
    for (;;) {
      const { localModels } = (await ask(api, state)).data
      if (!localModels.isInstalling) return localModels
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  test('is an administrator’s alone', async () => {
    const { as, withScopes } = await addMembersSite(opened, 'local-models')
    const all = withScopes('report.read', 'measurement.export', 'post.publish', 'site.configure')
    const others: Principal[] = [as('owner'), as('editor'), as('viewer'), all, { kind: 'reader' }]
    for (const viewer of others) {
      for (const operation of [install, state]) {
        const { data, errors } = await ask(api, operation, { viewer })
        assert.equal(errors[0]?.extensions.code, 'FORBIDDEN')
        assert.equal(data ?? null, null)
      }
    }
    assert.notEqual((await ask(api, install, { viewer: 'nobody' })).errors.length, 0)
    assert.deepEqual(await ended(), { isInstalled: false, isInstalling: false, problem: null })
    assert.deepEqual(await readdir(directory), [])
  })

  test('without a network says so, and what to do; another attempt begins without the old problem', async () => {
    await withNpmRegistry(unreachableRegistry, async () => {
      const begun = await ask(api, install)
      assert.deepEqual(begun.data.localModelsInstall, {
        isInstalled: false,
        isInstalling: true,
        problem: null,
      })
      const failed = await ended()
      assert.equal(failed.isInstalled, false)
      assert.match(
        failed.problem,
        /^The runtime of local models was not installed: the npm registry cannot be reached \(ECONNREFUSED\)\. Check the connection of this server, or its proxy, and install it again\.$/,
      )
    })
  })

  test('shows that it is under way, installs it once, and is in the log', async () => {
    const packages = Promise.withResolvers<void>()
    const registry = await startNpmRegistry({ until: packages.promise })
    await withNpmRegistry(registry.url, async () => {
      await ask(api, install)
      while (registry.fetched.length < 2) await new Promise((resolve) => setImmediate(resolve))
      // A second person presses the button.
      const again = await ask(api, install)
      assert.deepEqual(again.data.localModelsInstall, {
        isInstalled: false,
        isInstalling: true,
        problem: null,
      })
      packages.resolve()
      assert.deepEqual(await ended(), { isInstalled: true, isInstalling: false, problem: null })
    })
    assert.equal(registry.fetched.length, 2)
    await registry.close()
    const log = '{ auditEventsConnection(first: 1) { edges { node { action actor subject } } } }'
    assert.deepEqual((await ask(api, log)).data.auditEventsConnection.edges[0].node, {
      action: 'local-model.runtime-requested',
      actor: 'operator',
      subject: null,
    })
  })
})
