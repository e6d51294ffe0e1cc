import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createProfile, removeOldProfiles, removeProfile } from './profile.ts'

test('profiles that a killed process left are removed after an hour, and no others', async () => {
  const [left, recent] = [await createProfile(undefined), await createProfile(undefined)]
  await mkdir(join(left, 'cache'))
  await writeFile(join(left, 'cache', 'file'), 'x')
  const before = new Date(Date.now() - 2 * 3_600_000)
  await utimes(left, before, before)
  await removeOldProfiles(undefined)
  assert.ok(!existsSync(left))
  assert.ok(existsSync(recent))
  await removeProfile(recent, undefined)
  assert.ok(!existsSync(recent))
})
