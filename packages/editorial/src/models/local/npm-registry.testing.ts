import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A registry of npm packages that has the runtime of local models, with a few bytes in place of its code. */
export interface NpmRegistry {
  readonly url: string
  /** Names of the packages that were fetched. */
  readonly fetched: readonly string[]
  close(): Promise<void>
}

/** A URL where nobody listens. */
export const unreachableRegistry = 'http://127.0.0.1:9/'

export interface NpmRegistryOptions {
  /** The packages are sent when this has resolved. @default at once */
  readonly until?: Promise<void>
  /** Whether the bytes of a package are others than the registry states. @default false */
  readonly isWrong?: boolean
}

export async function startNpmRegistry({
  until = Promise.resolve(),
  isWrong = false,
}: NpmRegistryOptions = {}): Promise<NpmRegistry> {
  const fetched: string[] = []
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url?.slice(1) ?? '')
    if (!name.endsWith('.tgz')) {
      const tarball = `${url}${encodeURIComponent(name)}.tgz`
      response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(name, tarball)))
      return
    }
    const own = name.slice(0, -'.tgz'.length)
    fetched.push(own)
    until.then(
      () => response.end(isWrong ? packed(`${own}-other`) : packed(own)),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    fetched,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Runs something while npm uses a registry and an empty cache, and requests nothing twice. */
export async function withNpmRegistry<T>(registry: string, run: () => Promise<T>): Promise<T> {
  const cache = await mkdtemp(join(tmpdir(), 'peerpress-npm-'))
  const settings = {
    npm_config_registry: registry,
    npm_config_cache: cache,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
    npm_config_noproxy: '127.0.0.1',
  }
  const former = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, settings)
  try {
    return await run()
  } finally {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    await rm(cache, { recursive: true, force: true, maxRetries: 5 })
  }
}

const version = '3.22.1'

function packument(name: string, tarball: string): object {
  const integrity = `sha512-${createHash('sha512').update(packed(name)).digest('base64')}`
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist: { tarball, integrity } } },
  }
}

function packed(name: string): Buffer {
  const files = [
    ['package/package.json', JSON.stringify({ name, version, type: 'module' })],
    ['package/dist/index.js', 'export {}\n'],
  ] as const
  const parts = files.flatMap(([path, text]) => [
    header(path, text.length),
    Buffer.from(text.padEnd(512, '\0')),
  ])
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]))
}

/** A header of the tar format (POSIX.1-1988, ustar), of a file of at most 512 bytes. */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512)
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  block.write(path, 0)
  block.write(octal(0o644, 8), 100)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
