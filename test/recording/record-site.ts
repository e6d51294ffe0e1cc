import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releasedPlugin } from '@peerpress/cli'
import {
  connectWordpress,
  createReader,
  launchChromium,
  type PublishedPost,
  type Reader,
  startWordPress,
  type WordPress,
} from '@peerpress/testbed'
import { openRegistry } from '@peerpress/registry'
import { startSeed } from '@peerpress/seed'
import { makeSeedToken } from '../support/server/seed-token.ts'
import { mirrorsHeader, pageConfigElementId } from '@peerpress/wire'
import { eventually } from '../support/eventually.ts'
import { makeLiar } from '../support/browser/hostile-peers.ts'
import { noisePng } from '../support/browser/noise-png.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'
import { type Exchange, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'
import { recordPage } from './record-page.ts'
import type { Recording } from './recording.ts'

/** Addresses that readers seem to have: of well-known networks of different countries. */
const addresses = ['193.0.6.139', '133.11.0.1', '200.160.2.3', '196.216.2.6', '202.12.29.1'] as const

/**
 * Records a real WordPress with the plugin, a real server and real readers in Chromium, from the day the site is
 * connected to the day its post is deleted.
 */
export async function recordSite(recording: Recording): Promise<void> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    await new SiteRecording(recording, closers).run()
  } finally {
    for (const close of closers.splice(0).toReversed()) await close()
  }
}

class SiteRecording {
  readonly #recording: Recording
  readonly #closers: (() => Promise<unknown>)[]
  readonly #exchanges: Exchange[] = []
  #proxy!: RecordingProxy
  #server!: ServerProcess
  #wordpress!: WordPress
  #webhookSecret = ''
  #site = ''
  #key = ''

  constructor(recording: Recording, closers: (() => Promise<unknown>)[]) {
    this.#recording = recording
    this.#closers = closers
  }

  async run(): Promise<void> {
    await this.#start()
    const post = await this.#publish('Ten imagined places', 9)
    await this.#recordConfigs(post)
    await this.#read(post)
    await this.#readWithSeed(post)
    await this.#readFromLiar(await this.#publish('A false friend', 4))
    await this.#annoyTracker()
    await this.#measureOnly(post)
    await this.#unpublish(post)
    await this.#stop()
  }

  async #start(): Promise<void> {
    this.#proxy = await startRecordingProxy((exchange) => this.#onExchange(exchange))
    this.#closers.push(() => this.#proxy.close())
    this.#server = await startServerProcess({
      PEERPRESS_PUBLIC_URL: this.#proxy.url,
      PEERPRESS_MIRRORS: `${this.#proxy.url}/v1/mirror/`,
    })
    this.#closers.push(() => this.#server.close())
    this.#proxy.target = this.#server.url
    this.#wordpress = await startWordPress({ plugin: await releasedPlugin() })
    this.#closers.push(() => this.#wordpress.stop())
    const token = await this.#server.token()
    await connectWordpress(this.#wordpress, { server: this.#proxy.url, token })
    await this.#choose('full')
  }

  async #choose(mode: 'full' | 'seeds-only' | 'off'): Promise<void> {
    await this.#wordpress.php('update_option("peerpress_assistance", $input);', { mode, control: 0 })
  }

  /** Publishes a post with so many small pictures and one file of several chunks. */
  async #publish(title: string, count: number): Promise<PublishedPost> {
    const folder = await mkdtemp(join(tmpdir(), 'peerpress-pictures-'))
    try {
      const pictures = Array.from({ length: count }, (_, i) => [`${title}-${i}`, 48] as const)
      const files = [...pictures, [`${title}-large`, 210] as const].map(([name, side]) => ({
        path: join(folder, `${name.replaceAll(' ', '-').toLowerCase()}.png`),
        bytes: noisePng(name, side),
      }))
      for (const { path, bytes } of files) await writeFile(path, bytes)
      const post = await this.#wordpress.publishPost({ title, pictures: files.map(({ path }) => path) })
      await this.#wordpress.runCron()
      await this.#manifestOf(post, 1)
      await this.#space(post)
      return post
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  /** Saves the post again with its pictures several screens apart, so that most are loaded late. */
  async #space(post: PublishedPost): Promise<void> {
    await this.#wordpress.php(
      `$spacer = '<!-- wp:spacer {"height":"3000px"} --><div style="height:3000px" aria-hidden="true" class="wp-block-spacer"></div><!-- /wp:spacer -->';
      $content = str_replace('<!-- /wp:image -->', '<!-- /wp:image -->' . $spacer, get_post($input)->post_content);
      wp_update_post(wp_slash(['ID' => $input, 'post_content' => $content]));`,
      post.id,
    )
    await this.#wordpress.runCron()
    await this.#manifestOf(post, 2)
  }

  async #manifestOf(post: PublishedPost, version: number): Promise<void> {
    await eventually('the manifest', async () => {
      const response = await fetch(`${this.#proxy.url}/v1/sites/${this.#site}/posts/${post.id}/manifest`)
      const { payload } = response.ok
        ? ((await response.json()) as { readonly payload: string })
        : { payload: 'e30=' }
      const manifest = JSON.parse(Buffer.from(payload, 'base64').toString()) as { readonly version?: number }
      return manifest.version === version ? true : undefined
    })
  }

  async #recordConfigs(post: PublishedPost): Promise<void> {
    await this.#recordConfig(post.url, 'a post, consent assumed, mode full')
    await this.#recordConfig(this.#wordpress.url, 'the home page, consent assumed, mode full')
    for (const mode of ['seeds-only', 'off'] as const) {
      await this.#choose(mode)
      await this.#recordConfig(post.url, `a post, consent assumed, mode ${mode}`)
    }
    await this.#choose('full')
    for (const consent of ['required', 'notice', 'assumed']) {
      await this.#wordpress.php(
        `update_option('peerpress_connection', array_merge(get_option('peerpress_connection'), ['consent' => $input]));`,
        consent,
      )
      if (consent !== 'assumed') await this.#recordConfig(post.url, `a post, consent ${consent}, mode full`)
    }
  }

  async #recordConfig(url: string, page: string): Promise<void> {
    const html = await (await fetch(url)).text()
    const text = new RegExp(`<script [^>]*id="${pageConfigElementId}"[^>]*>([^<]*)</script>`).exec(html)?.[1]
    if (text === undefined) throw new Error(`${page} has no configuration`)
    this.#recording.add('page-configs', page, { how: 'recorded', page, text })
  }

  /** Two readers help each other; the second one does what makes views, snapshots and messages of every kind. */
  async #read(post: PublishedPost): Promise<void> {
    const first = await this.#newReader(addresses[0], post.url)
    await first.read()
    await this.#fetchLarge(first, post)
    await this.#lookAway(first)

    const second = await this.#newReader(
      addresses[1],
      `${post.url}?utm_source=letter&utm_medium=email&utm_campaign=may`,
    )
    await this.#meet(second, `${post.url}?utm_source=letter&utm_medium=email&utm_campaign=may`)
    await second.scroll()
    await this.#fetchLarge(second, post)
    // The receipt of what it got by now is sent after 5 s.
    await this.#waitFor('a claim', () =>
      this.#recording.entries('tracker-messages').some(({ text }) => text.includes('"type":"claim"')),
    )
    await second.page.evaluate(() => {
      setTimeout(() => {
        throw new Error('a script of the page fails')
      })
      document.body.append(Object.assign(document.createElement('img'), { src: '/no-such-picture.png' }))
    })
    await second.page.mouse.click(5, 5)
    await this.#lookAway(second)
    await second.page.evaluate(() => scrollTo(0, 0))
    await this.#lookAway(second)
    await this.#restartWorker(second)
    await this.#openSecondTab(second, post)
    await second.page.evaluate(() => history.pushState(null, '', '?chapter=2'))
    await second.page.goto(`${this.#wordpress.url}/`)
    await second.page.goBack()
    await second.page.waitForFunction(() => document.visibilityState === 'visible')
    await first.leave()
    await this.#waitFor('the news that the first reader left', () =>
      this.#recording.entries('tracker-messages').some(({ text }) => text.includes('"type":"left"')),
    )
    await second.leave()
    await first.close()
    await second.close()
  }

  async #readWithSeed(post: PublishedPost): Promise<void> {
    let wake = (): void => undefined
    const isWhole = new Promise<void>((resolve) => {
      wake = resolve
    })
    const seed = await startSeed({
      page: post.url,
      token: await makeSeedToken(this.#server, this.#site),
      directory: null,
      maxBytes: Infinity,
      onChange: ({ chunks, of, isIntroduced }) => chunks >= of && isIntroduced && wake(),
    })
    await isWhole
    const reader = await this.#newReader(addresses[2], post.url)
    await this.#meet(reader, post.url)
    await reader.scroll()
    await reader.leave()
    await reader.close()
    await this.#choose('seeds-only')
    const careful = await this.#newReader(addresses[2], post.url)
    await this.#meet(careful, post.url)
    await careful.scroll()
    await careful.leave()
    await careful.close()
    await this.#choose('full')
    seed.stop()
  }

  /** A reader is served wrong bytes, proves it, and the liar is banned. */
  async #readFromLiar(post: PublishedPost): Promise<void> {
    const liar = await this.#newReader(addresses[3], post.url)
    await makeLiar(liar.page)
    await liar.read()
    await this.#fetchLarge(liar, post)
    const victim = await this.#newReader(addresses[4], post.url)
    await this.#meet(victim, post.url)
    await victim.scroll()
    await this.#waitFor('an accusation', () =>
      this.#recording.entries('tracker-messages').some(({ text }) => text.includes('"type":"accuse"')),
    )
    await victim.leave()
    await liar.leave()
    await victim.close()
    await liar.close()
  }

  /** Says to the tracker what it refuses. */
  async #annoyTracker(): Promise<void> {
    const joined = this.#recording
      .entries('tracker-messages')
      .map(({ text }) => text)
      .find((text) => text.includes('"type":"join"'))
    const bad = (joined ?? '').replace(/"ticket":"[^"]*"/, '"ticket":"none"')
    for (const text of ['no JSON', '{"type":"want","peers":3}', bad]) {
      const socket = new WebSocket(`${this.#server.url.replace('http', 'ws')}/v1/tracker`)
      await new Promise<void>((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('the tracker refused the line')))
        socket.addEventListener('open', () => socket.send(text))
        socket.addEventListener('message', ({ data }) => {
          const { code } = JSON.parse(String(data)) as { readonly code?: string }
          const entry = {
            how: 'recorded',
            to: 'peer',
            text: String(data),
            at: Date.now(),
            address: null,
          } as const
          this.#recording.add('tracker-messages', `error ${code}`, entry)
          socket.close()
          resolve()
        })
      })
    }
  }

  /** A site that only measures, and a page that carries the SDK's snippet in place of the loader. */
  async #measureOnly(post: PublishedPost): Promise<void> {
    await this.#choose('off')
    const folder = join(this.#wordpress.directory, 'wp-content/mu-plugins')
    await mkdir(folder, { recursive: true })
    const snippet = `<script defer src="${this.#proxy.url}/v1/rum.js" data-site="${this.#site}"></script>`
    await writeFile(
      join(folder, 'snippet.php'),
      `<?php
add_action('wp_footer', function () {
    if (isset($_GET['snippet'])) {
        remove_action('wp_footer', ['PeerPress\\Page\\Page', 'printScripts'], 1);
        echo '${snippet}';
    }
}, 0);
`,
    )
    for (const url of [post.url, `${post.url}?snippet=1`]) {
      const reader = await this.#newReader(addresses[0], url)
      await reader.read()
      const before = this.#sent()
      await reader.leave()
      await this.#waitFor('a beacon', () => this.#sent() > before)
      await reader.close()
    }
  }

  async #unpublish(post: PublishedPost): Promise<void> {
    await this.#wordpress.php('wp_update_post(["ID" => $input, "post_status" => "draft"]);', post.id)
    await this.#wordpress.runCron()
    await this.#manifestOf(post, 3)
    await this.#wordpress.php('wp_update_post(["ID" => $input, "post_status" => "publish"]);', post.id)
    await this.#wordpress.runCron()
    await this.#manifestOf(post, 4)
    await this.#wordpress.php('wp_delete_post($input, true);', post.id)
    await this.#wordpress.runCron()
    await this.#manifestOf(post, 5)
  }

  async #stop(): Promise<void> {
    await this.#server.stop()
    const registry = await openRegistry({ directory: join(this.#server.dataDirectory, 'registry') })
    const ticketKey = Buffer.from(await registry.secret('ticket-key')).toString('base64')
    await registry.close()
    this.#recording.add('site', '', {
      site: this.#site,
      origin: this.#wordpress.url,
      server: this.#proxy.url,
      publicKey: this.#key,
      webhookSecret: this.#webhookSecret,
      ticketKey,
    })
  }

  async #newReader(address: string, url: string): Promise<Reader> {
    const browser = await launchChromium()
    this.#closers.push(() => browser.close())
    const reader = await createReader(browser, { country: '', address }, url)
    await recordPage(reader.page, address, this.#recording)
    return reader
  }

  /** Opens the post and waits for the first peer. */
  async #meet(reader: Reader, url: string): Promise<void> {
    await reader.page.goto(url)
    await reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0)
  }

  async #fetchLarge({ page }: Reader, post: PublishedPost): Promise<void> {
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await page.evaluate(
      async (url) => (await (await fetch(url)).arrayBuffer()).byteLength,
      post.media.at(-1)?.url ?? '',
    )
  }

  /** Another tab is looked at for a moment: the page sends a snapshot. */
  async #lookAway({ page }: Reader): Promise<void> {
    const before = this.#sent()
    const other = await page.browserContext().newPage()
    await other.bringToFront()
    await this.#waitFor('a beacon', () => this.#sent() > before)
    await page.bringToFront()
    await other.close()
  }

  #sent(): number {
    return this.#exchanges.filter(({ path, method }) => path === '/v1/beacon' && method === 'POST').length
  }

  /** The browser stops the worker; the one it starts for the next request asks the page to connect again. */
  async #restartWorker({ page }: Reader): Promise<void> {
    const session = await page.createCDPSession()
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    await page.evaluate(async () => (await fetch(document.images[0]?.src ?? '')).status)
    await this.#waitFor('the worker’s call', () =>
      this.#recording.entries('port-messages').some(({ channel }) => channel === 'worker-call'),
    )
  }

  /** The first tab leads, and is told what the second one shows and loaded. */
  async #openSecondTab({ page, place }: Reader, post: PublishedPost): Promise<void> {
    const tab = await page.browserContext().newPage()
    await recordPage(tab, place.address, this.#recording)
    await tab.goto(post.url)
    await tab.waitForFunction(() => window.peerpress?.delivery?.() != null)
    await tab.evaluate(() => document.images[5]?.scrollIntoView({ block: 'center' }))
    await tab.waitForFunction(() => document.images[5]?.complete)
    await tab.close()
    await page.bringToFront()
  }

  async #waitFor(what: string, isThere: () => boolean): Promise<void> {
    await eventually(what, () => Promise.resolve(isThere() ? true : undefined))
  }

  #onExchange(exchange: Exchange): void {
    this.#exchanges.push(exchange)
    const { method, status, at } = exchange
    const { pathname: path, searchParams } = new URL(exchange.path, 'http://server')
    const [body, answer] = [exchange.body.toString(), exchange.answer.toString()]
    if (method === 'POST' && path === '/v1/connect' && status === 200) {
      const connected = JSON.parse(answer) as Record<'site' | 'publicKey' | 'webhookSecret', string>
      this.#site = connected.site
      this.#key = connected.publicKey
      this.#webhookSecret = connected.webhookSecret
    } else if (method === 'POST' && path === '/v1/beacon') {
      const { view } = JSON.parse(body) as { readonly view: string }
      const contentType = exchange.headers['content-type'] ?? ''
      this.#recording.add('beacons', view, { how: 'recorded', body, contentType, status })
    } else if (method === 'POST' && path.endsWith('/events')) {
      const { type } = JSON.parse(body) as { readonly type: string }
      const sent = Object.entries(exchange.headers).filter(([name]) => /^(webhook-|content-type)/.test(name))
      const headers = Object.fromEntries(sent) as Record<string, string>
      this.#recording.add('plugin-events', type, { how: 'recorded', headers, body, receivedAt: at, status })
    } else if (path === '/v1/ticket' && status === 200) {
      this.#onTicket(exchange, searchParams)
    } else if (path.endsWith('/manifest') && status === 200) {
      const post = path.split('/').at(-2) ?? ''
      const mirrors = exchange.answerHeaders[mirrorsHeader.toLowerCase()]?.toString() ?? null
      this.#recording.add('manifests', answer, { how: 'recorded', post, envelope: answer, mirrors })
    }
  }

  #onTicket(exchange: Exchange, query: URLSearchParams): void {
    const { ticket, lease } = JSON.parse(exchange.answer.toString()) as Record<'ticket' | 'lease', string>
    const isSeed = exchange.headers.authorization !== undefined
    const meet = query.get('meet') === 'seeds' ? 'seeds' : 'anybody'
    this.#recording.add('tickets', `${meet} ${isSeed}`, {
      how: 'recorded',
      ticket,
      post: query.get('post') ?? '',
      address: exchange.headers['x-forwarded-for']?.toString() ?? '127.0.0.1',
      meet,
      isSeed,
      issuedAt: exchange.at,
    })
    this.#recording.add('leases', '', { how: 'recorded', envelope: lease, receivedAt: exchange.at })
  }
}
