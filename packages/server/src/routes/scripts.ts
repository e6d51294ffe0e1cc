import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { Router } from 'express'
import { scriptFiles } from '../bundles.ts'

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) }

/** A script in the encodings that browsers accept. */
type Encodings = Readonly<Record<'br' | 'gzip' | 'identity', Buffer>>

/**
 * `GET /v1/rum.js`, `/v1/visitor.js`, `/v1/swarm.js`, `/v1/notice.js`, `/v1/snapshot.js`, `/v1/worker.js`: the scripts of a
 * page. They are compressed once at the highest level, because every reader of a flash crowd requests them.
 */
export function scriptRoutes(): Router {
  const router = Router()
  for (const [name, file] of Object.entries(scriptFiles)) {
    let encoded: Promise<Encodings> | undefined
    router.get(`/v1/${name}`, async (request, response) => {
      encoded ??= encodingsOf(file).catch((error: unknown) => {
        // The next request tries again.
        encoded = undefined
        throw error
      })
      const script = await encoded
      const encoding = request.acceptsEncodings('br', 'gzip') || 'identity'
      response.set({
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Cache-Control': 'public, max-age=300',
      })
      response.vary('Accept-Encoding')
      if (encoding !== 'identity') response.set('Content-Encoding', encoding)
      response.type('text/javascript').send(script[encoding as keyof Encodings])
    })
  }
  return router
}

async function encodingsOf(file: string): Promise<Encodings> {
  const identity = await readFile(file)
  const [br, zipped] = await Promise.all([compress.br(identity), compress.gzip(identity, { level: 9 })])
  return { br, gzip: zipped, identity }
}
