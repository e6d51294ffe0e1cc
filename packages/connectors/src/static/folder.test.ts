import assert from 'node:assert/strict'
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Folder, openFolder } from './folder.ts'

describe('the folder of a built site', () => {
  let root: string
  let directory: string
  let folder: Folder

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-folder-'))
    directory = join(root, 'site')
    await mkdir(join(directory, 'posts'), { recursive: true })
    await writeFile(join(directory, 'index.html'), 'home')
    await writeFile(join(directory, 'posts', 'a.html'), 'a')
    await writeFile(join(root, 'outside.html'), 'outside')
    folder = await openFolder(directory)
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const paths = async () => (await Array.fromAsync(folder.files())).map(({ path }) => path)

  test('lists its files in the order of their names', async () => {
    assert.deepEqual(await Array.fromAsync(folder.files()), [
      { path: 'index.html', size: 4 },
      { path: 'posts/a.html', size: 1 },
    ])
  })

  test('hidden folders and installed packages are no part of a site', async () => {
    for (const name of ['.git', 'node_modules', 'posts/.cache']) {
      await mkdir(join(directory, name))
      await writeFile(join(directory, name, 'x.html'), 'x')
    }
    await writeFile(join(directory, '.nojekyll'), '')
    assert.deepEqual(await paths(), ['.nojekyll', 'index.html', 'posts/a.html'])
  })

  test('reads, streams and replaces a file, and keeps its permissions', async () => {
    await chmod(join(directory, 'index.html'), 0o640)
    await folder.write('index.html', Buffer.from('new'))
    await folder.write('posts/b.html', Buffer.from('b'))
    assert.equal(String(await folder.read('index.html', 3)), 'new')
    assert.equal(String(Buffer.concat(await Array.fromAsync(folder.stream('posts/b.html')))), 'b')
    assert.equal((await stat(join(directory, 'index.html'))).mode & 0o777, 0o640)
    assert.equal((await stat(join(directory, 'posts/b.html'))).mode & 0o777, 0o644)
    assert.deepEqual(await paths(), ['index.html', 'posts/a.html', 'posts/b.html'])
  })

  test('refuses a file that is longer than the limit', async () => {
    await assert.rejects(folder.read('index.html', 3), /more than 3 bytes/)
  })

  test('links to files and folders are neither listed, read nor followed', async () => {
    await mkdir(join(root, 'other'))
    await writeFile(join(root, 'other', 'x.html'), 'x')
    await symlink(join(root, 'outside.html'), join(directory, 'link.html'))
    await symlink(join(root, 'other'), join(directory, 'linked'))
    assert.deepEqual(await paths(), ['index.html', 'posts/a.html'])
    for (const path of [
      'link.html',
      'linked/x.html',
      '../outside.html',
      'posts/../../outside.html',
      'posts',
      '',
    ]) {
      assert.equal(await folder.sizeOf(path), null, path)
      await assert.rejects(folder.read(path, 100), /no regular file/, path)
    }
    for (const path of ['linked/x.html', 'linked/new.html', '../outside.html', '../new.html']) {
      await assert.rejects(folder.write(path, Buffer.from('evil')), path)
    }
    assert.equal(await readFile(join(root, 'other', 'x.html'), 'utf8'), 'x')
    assert.equal(await readFile(join(root, 'outside.html'), 'utf8'), 'outside')
    assert.deepEqual((await readdir(root)).toSorted(), ['other', 'outside.html', 'site'])
  })

  test('writing in place of a link replaces the link, not the file that it leads to', async () => {
    await symlink(join(root, 'outside.html'), join(directory, 'link.html'))
    await link(join(root, 'outside.html'), join(directory, 'hard.html'))
    await folder.write('link.html', Buffer.from('new'))
    await folder.write('hard.html', Buffer.from('new'))
    assert.equal(await readFile(join(root, 'outside.html'), 'utf8'), 'outside')
    assert.equal(await readFile(join(directory, 'hard.html'), 'utf8'), 'new')
  })

  test('the incomplete file of a killed process is no file of the site, and is replaced', async () => {
    await writeFile(join(directory, '.index.html.peerpress-incomplete'), 'half')
    assert.deepEqual(await paths(), ['index.html', 'posts/a.html'])
    await folder.write('index.html', Buffer.from('new'))
    assert.deepEqual((await readdir(directory)).toSorted(), ['index.html', 'posts'])
  })

  test('may itself be named by a link', async () => {
    await symlink(directory, join(root, 'current'))
    const linked = await openFolder(join(root, 'current'))
    await linked.write('index.html', Buffer.from('new'))
    assert.equal(await readFile(join(directory, 'index.html'), 'utf8'), 'new')
  })

  test('that is missing, or a file, is refused', async () => {
    await assert.rejects(openFolder(join(root, 'missing')), { code: 'ENOENT' })
    await assert.rejects(openFolder(join(root, 'outside.html')), { code: 'ENOTDIR' })
  })
})
