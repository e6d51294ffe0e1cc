import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { packPlugin } from './pack-plugin.ts'
import { pluginDirectory } from './plugin-files.ts'

test('the zip has the plugin below one folder, with the built browser code and without tests and tools', async () => {
  const files = unzipSync(await packPlugin())
  const names = Object.keys(files)
  assert.deepEqual(names, names.toSorted())
  assert.ok(names.every((name) => name.startsWith('peerpress/')))
  for (const name of ['peerpress.php', 'readme.txt', 'LICENSE', 'assets/worker.js', 'assets/loader.js']) {
    const expected = await readFile(join(pluginDirectory, name))
    assert.deepEqual(Buffer.from(files[`peerpress/${name}`]!), expected, name)
  }
  assert.deepEqual(
    names.filter((name) => /tests|node_modules|\.ts$|\.json$|\.xml$|\/\./.test(name)),
    [],
  )
})

test('the zip has the same bytes at another time, in another time zone and with other permissions for new files', async () => {
  const here = await packPlugin()
  const script = `process.umask(0o077)
    const { packPlugin } = await import(${JSON.stringify(new URL('pack-plugin.ts', import.meta.url).href)})
    process.stdout.write(Buffer.from(await packPlugin()).toString('base64'))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TZ: 'Pacific/Kiritimati' },
    maxBuffer: 64 * 1024 * 1024,
  })
  assert.ok(Buffer.from(here).equals(Buffer.from(stdout, 'base64')))
})
