import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileOfUrl, urlOfFile } from './page-url.ts'

const home = 'https://a.example/'

test('an index is served at the address of its folder, every other file at its own', () => {
  const urls = [
    'index.html',
    'posts/one/index.html',
    'posts/INDEX.HTM',
    'about.html',
    'my post/größe?#%.html',
  ]
  assert.deepEqual(
    urls.map((path) => urlOfFile(path, home).pathname),
    ['/', '/posts/one/', '/posts/', '/about.html', '/my%20post/gr%C3%B6%C3%9Fe%3F%23%25.html'],
  )
})

test('a folder below the root of its host has its own files, and no others of the host', () => {
  const blog = 'https://a.example/my%20blog/'
  assert.equal(urlOfFile('index.html', blog).href, blog)
  assert.equal(urlOfFile('posts/one/index.html', blog).href, `${blog}posts/one/`)
  const fileOf = (url: string) => fileOfUrl(new URL(url), blog)
  assert.equal(fileOf(`${blog}a/b.jpg`), 'a/b.jpg')
  for (const url of ['https://a.example/a.jpg', 'https://b.example/my%20blog/a.jpg', `${blog}../a.jpg`]) {
    assert.equal(fileOf(url), null, url)
  }
})

test('a file name never names another host or folder', () => {
  for (const path of ['/b.example/a.html', 'a\\b.html', 'https:/b.example/x.html', '..%2f/a.html']) {
    assert.equal(urlOfFile(path, home).origin, 'https://a.example', path)
  }
})

test('the file of a URL is within the folder', () => {
  const fileOf = (path: string) => fileOfUrl(new URL(path, home), home)
  assert.equal(fileOf('/a/b%20c.jpg?width=1'), 'a/b c.jpg')
  // The URL parser has already resolved these dots.
  assert.equal(fileOf('/%2e%2e/a'), 'a')
  for (const path of ['/', '/a/', '/x//a', '/..%2fa', '/%ff', '/a%2f%2e%2e%2f%2e%2e%2fb']) {
    assert.equal(fileOf(path), null, path)
  }
})
