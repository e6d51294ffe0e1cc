import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Asset } from '@peerpress/wire'
import type { PageMessage, WorkerMessage } from '../port-message.ts'
import { PageLink } from './page-link.ts'

const asset: Asset = { id: 'a', url: '/a', type: '', size: 300, chunkSize: 100, hashes: new Uint8Array() }

describe('the link to a page', { timeout: 20_000 }, () => {
  let link: PageLink
  let page: MessagePort
  let heard: WorkerMessage[]
  /** What the page answers each demand with. */
  let answer: (demand: number) => readonly PageMessage[]

  const say = (message: PageMessage): void => page.postMessage(message, [])

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel()
    page = port1
    heard = []
    answer = (demand) => [{ type: 'accept', demand }]
    page.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      heard.push(data)
      if (data.type === 'demand') answer(data.demand).forEach(say)
    })
    page.start()
    link = new PageLink(port2, { assets: [asset], mirror: '' })
  })
  afterEach(() => {
    link.close()
    page.close()
  })

  const chunk = (demand: number, index: number): PageMessage => ({
    type: 'chunk',
    demand,
    index,
    bytes: new Uint8Array(100),
    source: 'peer',
  })

  test('hands on the chunks of a demand that the page takes, until it gives up', async () => {
    answer = (demand) => [
      { type: 'accept', demand },
      chunk(demand, 0),
      chunk(demand, 1),
      { type: 'failed', demand },
    ]
    const supply = await link.ask(asset, { first: 0, last: 2 })
    assert.equal((await supply?.next())?.index, 0)
    assert.equal((await supply?.next())?.index, 1)
    assert.equal(await supply?.next(), null)
  })

  test('has nothing when the page says so', async () => {
    answer = (demand) => [{ type: 'origin', demand }]
    assert.equal(await link.ask(asset, { first: 0, last: 2 }), null)
  })

  test('does not ask a page that owes an answer, until it says something', async () => {
    const owed: number[] = []
    answer = (demand) => {
      owed.push(demand)
      return []
    }
    assert.equal(await link.ask(asset, { first: 0, last: 2 }), null)
    assert.equal(await link.ask(asset, { first: 0, last: 2 }), null)
    assert.equal(owed.length, 1)
    answer = (demand) => [{ type: 'accept', demand }]
    say({ type: 'origin', demand: owed[0] ?? 0 })
    let supply = null
    while (!supply) {
      supply = await link.ask(asset, { first: 0, last: 2 })
      await new Promise(setImmediate)
    }
    assert.ok(supply.demand > (owed[0] ?? 0))
  })

  test('a demand that waits when the page goes is over', async () => {
    const supply = await link.ask(asset, { first: 0, last: 2 })
    const next = supply?.next()
    page.close()
    assert.equal(await next, null)
    assert.equal(await link.ask(asset, { first: 0, last: 2 }), null)
  })

  test('knows the assets of the page’s manifest and no others', () => {
    assert.equal(link.asset('/a'), asset)
    assert.equal(link.asset('/b'), undefined)
  })
})
