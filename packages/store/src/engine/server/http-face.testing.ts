import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connectEmbedded } from '../embedded/embedded-connection.ts'
import { insertFromFile } from '../embedded/insert-from-file.ts'
import { StoreError } from '../../store-error.ts'

/**
 * ClickHouse's HTTP interface, as far as `@clickhouse/client` uses it here, in front of the embedded engine: what a
 * server would be asked over the wire is answered by the same engine where no server can be installed.
 */
export async function openHttpFace(directory: string): Promise<{ url: string; close(): Promise<void> }> {
  const engine = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })

  /** The queries that run, by their ids. */
  const running = new Map<string, AbortController>()

  async function answer(request: IncomingMessage): Promise<string | Readable> {
    if (request.url === '/ping') return 'Ok.\n'
    const body = Buffer.concat(await request.toArray())
    const options = new URL(request.url ?? '', 'http://localhost').searchParams
    const token = options.get('insert_deduplication_token') ?? ''
    const [, into, format] = options.get('query')?.match(/^INSERT INTO (.*)\s+FORMAT (\w+)/) ?? []
    if (into !== undefined && format === 'JSONEachRow') {
      await engine.insert({ table: into, rows: body, token })
      return ''
    }
    if (into !== undefined && format === 'Native') {
      const path = join(directory, `${randomUUID()}.native`)
      await writeFile(path, body)
      try {
        await engine.command(insertFromFile(into, path, token))
      } finally {
        await rm(path)
      }
      return ''
    }
    const sql = body.toString()
    const select = sql.match(/^(.*)\bFORMAT Parquet\s*$/s)
    if (select?.[1] !== undefined) return engine.parquet(select[1])
    const [, killed] = sql.match(/^KILL QUERY WHERE query_id = '(.*)' ASYNC/) ?? []
    if (killed !== undefined) {
      running.get(killed)?.abort()
      return ''
    }
    const queryId = options.get('query_id') ?? ''
    const stop = new AbortController()
    running.set(queryId, stop)
    const ended = () => running.delete(queryId)
    if (!/\bFORMAT JSONEachRow\s*$/.test(sql)) {
      await engine.command(sql, { signal: stop.signal }).finally(ended)
      return ''
    }
    const parameters: Record<string, string> = {}
    for (const [name, value] of options) {
      if (name.startsWith('param_'))
        parameters[name.slice('param_'.length)] = value.replaceAll(/\\(.)/g, '$1')
    }
    const rows = await engine
      .query(sql.replace(/\bFORMAT JSONEachRow\s*$/, ''), parameters, { signal: stop.signal })
      .finally(ended)
    return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const text = await answer(request)
      if (typeof text === 'string') response.end(text)
      else await pipeline(text, response)
    } catch (error) {
      if (response.headersSent) return
      response.statusCode = error instanceof StoreError ? 500 : 502
      response.end(String(error instanceof StoreError ? error.message : error))
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await engine.close()
    },
  }
}
