import { readdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { PageConfig } from '@peerpress/wire'
import compression from 'compression'
import express from 'express'
import { samplePage } from './sample-page.ts'

/** Folder of the sample pictures and the sample video. */
export const sampleDirectory: string = fileURLToPath(new URL('../../sample/', import.meta.url))

/** Names of the sample pictures, in order, and of the video. */
export async function sampleMedia(): Promise<{
  readonly pictures: readonly string[]
  readonly video: string
}> {
  const names = (await readdir(sampleDirectory)).toSorted()
  return {
    pictures: names.filter((name) => name.endsWith('.jpg')),
    video: names.find((name) => name.endsWith('.webm')) as string,
  }
}

/** Values that a site receives when it is connected. */
export type SiteConnection = Pick<PageConfig, 'site' | 'server' | 'key' | 'consent'>

/** A site of one post on a plain web server, such as the host of a static site. */
export interface SampleSite {
  readonly url: string
  /** Puts the configuration and the loader into its page. */
  connect(connection: SiteConnection): void
  close(): Promise<void>
}

/** The id of the sample site's only post. */
export const samplePostId = 'ten-places'

/** Serves the sample post on loopback. */
export async function startSampleSite(port = 0): Promise<SampleSite> {
  const { pictures, video } = await sampleMedia()
  const media = { pictures: pictures.map((name) => `/media/${name}`), video: `/media/${video}` }
  let connection: SiteConnection | undefined
  const app = express()
  app.disable('x-powered-by')
  app.use(compression())
  app.get('/', (_request, response) => {
    if (connection === undefined) {
      response.status(503).send('not connected yet')
      return
    }
    const { server } = connection
    response.set('Cache-Control', 'no-cache').send(
      samplePage({
        ...media,
        assistance: {
          config: {
            ...connection,
            post: samplePostId,
            mode: 'full',
            control: 0,
            worker: '/worker.js',
            scripts: { rum: `${server}/v1/rum.js`, swarm: `${server}/v1/swarm.js` },
            snapshot: { script: `${server}/v1/snapshot.js` },
          },
          loader: `${server}/v1/visitor.js`,
        },
      }),
    )
  })
  // The same post without PeerPress: benches measure against it.
  app.get('/without', (_request, response) => {
    response.set('Cache-Control', 'no-cache').send(samplePage({ ...media, assistance: null }))
  })
  // A service worker must have the site's origin. The site forwards the server's worker while the server runs.
  app.get('/worker.js', async (_request, response) => {
    const worker = await fetch(`${connection?.server ?? ''}/v1/worker.js`).catch(() => undefined)
    if (worker?.ok === true) {
      response
        .type('text/javascript')
        .set('Cache-Control', 'no-cache')
        .send(await worker.text())
    } else {
      response.status(502).end()
    }
  })
  app.use('/media', express.static(sampleDirectory, { maxAge: '1h' }))
  const http = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(port, '127.0.0.1', (error?: Error) => {
      if (error) reject(error)
      else resolve(listening)
    })
  })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    connect(made) {
      connection = made
    },
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
    },
  }
}
