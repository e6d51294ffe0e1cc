import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Registry } from './open-registry.ts'
import type { Publication } from './posts/posts.ts'
import { RegistryError, type RegistryErrorCode } from './registry-error.ts'
import type { SiteCredentials } from './sites/site.ts'

/** What the parts of the registry's suite share. */
export interface SuiteContext {
  registry(): Registry
  /** Adds a site of its own for a test. */
  site(path: string): Promise<SiteCredentials>
  /** The registry's clock, ms since the Unix epoch. */
  now(): number
  advance(ms: number): void
}

export const input = {
  url: 'https://blog.example',
  consent: 'assumed',
  allowPrivateAddresses: false,
} as const

/** A page that has all of a short list. */
export const everything = { fromEnd: false, limit: 100 } as const

export async function refused(code: RegistryErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof RegistryError)
    assert.equal(error.code, code)
    return true
  })
}

export function publication(site: string, version: number, assets: readonly string[]): Publication {
  return {
    site,
    post: '12',
    url: 'https://blog.example/?p=12',
    version,
    revoked: false,
    envelope: `{"version":${version}}`,
    assets: assets.map((name) => ({
      id: createHash('sha256').update(name).digest('hex'),
      url: `https://blog.example/${name}.png`,
      type: 'image/png',
      size: 70_000,
      chunkSize: 65_536,
      hashes: Buffer.alloc(64, name),
      etag: `"${name}"`,
      lastModified: null,
    })),
  }
}
