import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, describe, test } from 'node:test'
import { PublisherError } from '../publisher-error.ts'
import { createPageReader, type PageReader, type PageReaderOptions } from './page-reader.ts'
import type { PageSource } from './read-page.ts'

const never = new AbortController().signal

function page(html: string): PageSource {
  return {
    html: Buffer.from(html),
    url: 'https://blog.example/post/',
    origins: ['https://blog.example'],
    maxMedia: 10,
  }
}

describe('a page reader', { timeout: 120_000 }, () => {
  const opened: PageReader[] = []
  const open = (options: PageReaderOptions = {}) => {
    const reader = createPageReader(options)
    opened.push(reader)
    return reader
  }
  const openHostile = (options: PageReaderOptions = {}) =>
    open({ entry: new URL('hostile-thread.testing.ts', import.meta.url), ...options })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((reader) => reader.close()))
  })

  test('reads concurrent pages in one thread', async () => {
    const reader = open()
    const contents = await Promise.all(
      ['1', '2', '3'].map((name) => reader.read(page(`<body><img src=/${name}.png>`), never)),
    )
    assert.deepEqual(
      contents,
      ['1', '2', '3'].map((name) => ({
        media: [`https://blog.example/${name}.png`],
        omitted: [],
        body: 6,
        offer: null,
      })),
    )
  })

  test('reports an encoding that browsers do not decode as such, and reads the next page', async () => {
    const reader = open()
    await assert.rejects(reader.read({ ...page('<body>'), charset: 'iso-2022-kr' }, never), {
      name: 'PublisherError',
      code: 'unsupported-encoding',
      message:
        'the post cannot be published: browsers do not show pages in its encoding: save the page in UTF-8',
    })
    assert.deepEqual((await reader.read(page('<img src=/1.png>'), never)).media, [
      'https://blog.example/1.png',
    ])
  })

  test('leaves the bytes of a page to the caller', async () => {
    const source = page('<body>')
    await open().read(source, never)
    assert.equal(Buffer.from(source.html).toString(), '<body>')
  })

  test('reads a page of a million nested tags, and one of a million attributes', async () => {
    const reader = open()
    const nested = page(`${'<b>'.repeat(1_000_000)}<img src=/1.png>${'</b>'.repeat(1_000_000)}`)
    assert.equal((await reader.read(nested, never)).media.length, 1)
    const wide = page(`<img ${'a '.repeat(1_000_000)}src=/1.png>`)
    assert.equal((await reader.read(wide, never)).media.length, 1)
  })

  test('cancels a page that exceeds the time limit, and reads the next page', async () => {
    const reader = openHostile({ timeLimit: 50 })
    const hung = reader.read(page('hang'), never)
    const next = reader.read(page('next'), never)
    await assert.rejects(hung, {
      name: 'PublisherError',
      code: 'unreadable-page',
      message: 'the HTML of the post cannot be read: reading it took more than 50 ms',
    })
    assert.deepEqual((await next).media, ['next'])
  })

  test('cancels a page that exceeds the memory limit, and reads the next page', async () => {
    const reader = openHostile({ memoryLimit: 32 })
    await assert.rejects(reader.read(page('fill'), never), {
      code: 'unreadable-page',
      message: 'the HTML of the post cannot be read: reading it took more than 32 MiB',
    })
    assert.deepEqual((await reader.read(page('next'), never)).media, ['next'])
  })

  for (const fault of ['exit', 'throw', 'reject']) {
    test(`survives a thread that ends by ${fault}, and reads the next page`, async () => {
      const reader = openHostile()
      await assert.rejects(reader.read(page(fault), never), { code: 'unreadable-page' })
      assert.deepEqual((await reader.read(page('next'), never)).media, ['next'])
    })
  }

  test('starts another thread if the last one ended between two pages', async () => {
    const reader = openHostile()
    let exit: Promise<unknown> = Promise.reject(new Error('no thread was started'))
    process.once('worker', (worker) => {
      exit = once(worker, 'exit')
    })
    exit.catch(() => {})
    assert.deepEqual((await reader.read(page('last'), never)).media, ['last'])
    await exit
    assert.deepEqual((await reader.read(page('next'), never)).media, ['next'])
  })

  test('does not blame the page if the thread cannot start', async () => {
    const reader = open({ entry: new URL('no-such-file.ts', import.meta.url) })
    await assert.rejects(reader.read(page('<p>'), never), (error) => !(error instanceof PublisherError))
  })

  test('keeps no idle thread', async () => {
    const reader = openHostile({ idleTime: 0 })
    for (const name of ['one', 'two']) assert.deepEqual((await reader.read(page(name), never)).media, [name])
  })

  test("an abort cancels the page with the signal's reason", async () => {
    const reader = openHostile()
    const late = new PublisherError('timeout', 'the post took too long')
    await assert.rejects(reader.read(page('hang'), AbortSignal.abort(late)), late)
    const stop = new AbortController()
    const hung = reader.read(page('hang'), stop.signal)
    setImmediate(() => stop.abort())
    await assert.rejects(hung, { code: 'stopped' })
    assert.deepEqual((await reader.read(page('next'), never)).media, ['next'])
  })

  test('closing cancels the current page, the queued ones and later ones', async () => {
    const reader = openHostile()
    const pages = [reader.read(page('hang'), never), reader.read(page('next'), never)]
    const ended = Promise.all(pages.map((each) => assert.rejects(each, { code: 'stopped' })))
    await reader.close()
    await ended
    await assert.rejects(reader.read(page('next'), never), { code: 'stopped' })
  })
})
