import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test'
import type { Asset, PageConfig } from '@peerpress/wire'
import type { PageMessage, ShownPost, WorkerMessage } from '../port-message.ts'
import { PageLink } from './page-link.ts'
import { PageLinks } from './page-links.ts'

const asset: Asset = { id: 'a', url: '/a', type: '', size: 300, chunkSize: 100, hashes: new Uint8Array() }
const config = {} as PageConfig

/** A page, and the worker's link to it. */
class TestPage {
  readonly link: PageLink
  readonly heard: WorkerMessage[] = []
  /** What the page answers each demand with. */
  answer: (demand: number) => readonly PageMessage[] = (demand) => [{ type: 'accept', demand }]
  readonly #port: MessagePort
  #wake = (): void => {}

  constructor(links: PageLinks, page: string) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      this.heard.push(data)
      this.#wake()
      if (data.type === 'demand') for (const message of this.answer(data.demand)) this.say(message)
    })
    port1.start()
    this.link = new PageLink(port2, shown(page), links)
    links.put(page, this.link)
  }

  say(message: PageMessage): void {
    this.#port.postMessage(message, [])
  }

  /** Resolves when it was told such a message. */
  async hears(type: WorkerMessage['type']): Promise<void> {
    while (!this.heard.some((message) => message.type === type))
      await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  close(): void {
    this.#port.close()
  }
}

describe('the links to pages', { timeout: 20_000 }, () => {
  let links: PageLinks
  let leader: TestPage
  let other: TestPage

  beforeEach(async () => {
    links = new PageLinks()
    leader = new TestPage(links, 'leader')
    other = new TestPage(links, 'other')
    leader.say({ type: 'lead' })
    await other.hears('led')
  })
  afterEach(() => {
    for (const page of [leader, other]) {
      page.close()
      page.link.close()
    }
  })

  const chunk = (demand: number, index: number): PageMessage => ({
    type: 'chunk',
    demand,
    index,
    bytes: new Uint8Array(100),
    source: 'peer',
  })

  test('tell the page that leads what all show, also those that come later', async () => {
    const late = new TestPage(links, 'late')
    await late.hears('led')
    late.say({ type: 'loaded', asset: 'a' })
    await leader.hears('loaded')
    const posts = leader.heard.flatMap((message) => (message.type === 'shown' ? [message.post.page] : []))
    assert.deepEqual(posts, ['leader', 'other', 'late'])
    late.close()
    late.link.close()
  })

  test('bring a page chunks of the one that leads, until that gives up', async () => {
    leader.answer = (demand) => [
      { type: 'accept', demand },
      chunk(demand, 0),
      { type: 'fallback', demand },
      chunk(demand, 1),
      { type: 'failed', demand },
    ]
    const supply = await other.link.ask(asset, { first: 0, last: 2 })
    assert.equal((await supply?.next())?.index, 0)
    assert.equal((await supply?.next())?.index, 1)
    assert.equal(await supply?.next(), null)
    await other.hears('fallback')
    await leader.hears('demand-ended')
    assert.ok(!other.heard.some(({ type }) => type === 'demand'))
    assert.ok(!leader.heard.some(({ type }) => type === 'fallback'))
  })

  test('hand on to the page that leads what the origin sent another', async () => {
    other.link.tell({ type: 'chunk', asset: 'a', index: 0, bytes: new Uint8Array(100) })
    await leader.hears('chunk')
    assert.ok(!other.heard.some(({ type }) => type === 'chunk'))
  })

  test('have nothing when the page that leads says so, or none does', async () => {
    leader.answer = (demand) => [{ type: 'origin', demand }]
    assert.equal(await other.link.ask(asset, { first: 0, last: 2 }), null)
    const alone = new PageLink(new MessageChannel().port1, shown('alone'), new PageLinks())
    assert.equal(await alone.ask(asset, { first: 0, last: 2 }), null)
    alone.close()
  })

  test('do not ask a page that owes an answer, until it says something', async () => {
    const owed: number[] = []
    leader.answer = (demand) => {
      owed.push(demand)
      return []
    }
    assert.equal(await other.link.ask(asset, { first: 0, last: 2 }), null)
    assert.equal(await other.link.ask(asset, { first: 0, last: 2 }), null)
    assert.equal(owed.length, 1)
    leader.answer = (demand) => [{ type: 'accept', demand }]
    leader.say({ type: 'origin', demand: owed[0] ?? 0 })
    let supply = null
    while (!supply) {
      supply = await other.link.ask(asset, { first: 0, last: 2 })
      await new Promise(setImmediate)
    }
    assert.ok(supply.demand > (owed[0] ?? 0))
  })

  test('tell a page that needs it when the one that leads has owed an answer for long', async (t: TestContext) => {
    leader.answer = () => []
    assert.equal(await other.link.ask(asset, { first: 0, last: 2 }), null)
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 4000 })
    await other.link.ask(asset, { first: 0, last: 2 })
    other.link.tell({ type: 'wrong', bytes: 1 })
    await other.hears('wrong')
    assert.ok(!other.heard.some(({ type }) => type === 'hung'))
    t.mock.timers.setTime(Date.now() + 2000)
    await other.link.ask(asset, { first: 0, last: 2 })
    await other.hears('hung')
  })

  test('end a demand that waits when the page that leads goes', async () => {
    const supply = await other.link.ask(asset, { first: 0, last: 2 })
    const next = supply?.next()
    leader.close()
    assert.equal(await next, null)
    assert.equal(await other.link.ask(asset, { first: 0, last: 2 }), null)
  })

  test('end what waits for one page when another leads, which is asked from then on', async () => {
    const supply = await other.link.ask(asset, { first: 0, last: 2 })
    const next = supply?.next()
    other.say({ type: 'lead' })
    assert.equal(await next, null)
    other.answer = (demand) => [{ type: 'accept', demand }, chunk(demand, 0)]
    const again = await leader.link.ask(asset, { first: 0, last: 2 })
    assert.equal((await again?.next())?.index, 0)
  })

  test('know the assets of each page’s manifest and no others', () => {
    assert.equal(other.link.asset('/a'), asset)
    assert.equal(other.link.asset('/b'), undefined)
  })
})

function shown(page: string): ShownPost {
  const manifest = {
    site: 's',
    post: '1',
    version: 1,
    issuedAt: 0,
    url: '/',
    revoked: false,
    assets: [asset],
  }
  return { page, config, manifest, mirrors: [], isSaved: false }
}
