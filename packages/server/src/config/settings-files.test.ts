import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'
import { settingsFiles } from './settings-files.ts'
import { settingOptions, settingsUsage } from './settings-text.ts'

const all: readonly Setting<unknown>[] = Object.values(settings)

for (const { url, text } of await settingsFiles()) {
  test(`${basename(url.pathname)} shows the settings as they are declared`, async () => {
    const message = 'run node packages/server/src/config/write-settings.ts'
    assert.equal(await readFile(url, 'utf8'), text, message)
  })
}

test('the usage text describes every setting once', () => {
  const usage = settingsUsage()
  for (const { variable, isSecret } of all) {
    const option = `--${variable.replace('PEERPRESS_', '').toLowerCase().replaceAll('_', '-')}`
    assert.equal(
      usage.split(new RegExp(`^  ${isSecret ? variable : option}\\b(?!-)`, 'm')).length,
      2,
      variable,
    )
  }
  for (const line of usage.split('\n')) assert.ok(line.length <= 110, line)
})

test('no setting that may contain a password has an option', () => {
  const variables = Object.values(settingOptions).map(({ variable }) => variable)
  const open = all.filter(({ isSecret }) => isSecret !== true).map(({ variable }) => variable)
  assert.deepEqual(variables, open)
})

test('every default is an allowed value', () => {
  const defaults = all.map((setting) => [setting.variable, setting.default])
  assert.deepEqual(readConfig(Object.fromEntries(defaults)), readConfig({}))
})
