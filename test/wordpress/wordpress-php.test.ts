import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { releasedPlugin } from '@peerpress/cli'
import { startWordPress } from '@peerpress/testbed'

const plugin = fileURLToPath(new URL('../../plugins/wordpress', import.meta.url))

test('the plugin’s PHP and that of its tests keep their coding standard', () => {
  run('phpcs', ['-q', '--report=emacs'])
  run('phpcs', ['-q', '--report=emacs', '--standard=phpcs.xml', '../../packages/testbed/src/wordpress'])
})

test('the plugin’s PHPUnit tests pass inside a real WordPress', { timeout: 600_000 }, async () => {
  const wordpress = await startWordPress({ plugin: await releasedPlugin() })
  try {
    const report = run('phpunit', [], { PEERPRESS_WORDPRESS_PATH: wordpress.directory })
    assert.match(report, /^OK \([1-9]\d* tests/m)
  } finally {
    await wordpress.stop()
  }
})

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const ended = spawnSync(command, args, {
    cwd: plugin,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, ...env },
  })
  assert.equal(ended.error, undefined)
  assert.equal(ended.status, 0, ended.stdout + ended.stderr)
  return ended.stdout
}
