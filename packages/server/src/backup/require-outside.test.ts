import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { requireOutside } from './require-outside.ts'

test('a folder inside another is refused, by any path, and no other folder is', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'peerpress-outside-'))
  t.after(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'data', 'sub'), { recursive: true })
  await symlink(join(root, 'data', 'sub'), join(root, 'link'))
  const outer = join(root, 'data')
  for (const inner of [
    'data',
    'data/',
    'data/new/deep',
    'data/..new',
    'other/../data/sub',
    'link',
    'link/new',
  ]) {
    await assert.rejects(
      requireOutside(`${root}/${inner}`, outer, 'name another'),
      { code: 'overlapping-folders', message: /^\S+ is in \S+\/data: name another$/ },
      inner,
    )
  }
  for (const inner of ['', 'data2', 'other/new', 'link/../x'])
    await requireOutside(join(root, inner), outer, '')
  await requireOutside(outer, join(root, 'not-there'), '')
})
