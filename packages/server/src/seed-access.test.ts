import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type AccountServices, createAccountServices, type Principal } from '@peerpress/accounts'
import { openRegistry, type Registry } from '@peerpress/registry'
import { isSeedOf } from './seed-access.ts'

const operator: Principal = { kind: 'administrator', account: null }
const nobody: Principal = { kind: 'nobody' }

describe('the seeds of a site', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let accounts: AccountServices
  let own: string
  let other: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-seeds-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    accounts = createAccountServices({ registry, isOperatorToken: async () => false, publicReports: false })
    const input = { consent: 'assumed', allowPrivateAddresses: false } as const
    own = (await registry.sites.add({ url: 'https://own.example', ...input })).site.id
    other = (await registry.sites.add({ url: 'https://other.example', ...input })).site.id
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })
  const isSeed = async (site: string, secret: string) => {
    const authorization = `Bearer ${secret}`
    const principal = await accounts.credentials.principalOf({ authorization, session: null })
    return isSeedOf(site, { principal, authorization }, registry)
  }

  test('have a token of their own until the tokens of the site are rotated', async () => {
    const seed = { name: 'seed', sites: [own], scopes: ['seed'], expiresAt: null } as const
    const { secret } = await accounts.tokens.issue(seed, operator)
    assert.deepEqual([await isSeed(own, secret), await isSeed(other, secret)], [true, false])
    const next = await accounts.tokens.rotateSeeds(own, operator)
    assert.deepEqual([await isSeed(own, secret), await isSeed(own, next)], [false, true])
  })

  test('have no other token: one for reports, one that nobody made, or that of the operator', async () => {
    const expiresAt = new Date(Date.now() + 60_000)
    const reads = { name: 'ci', sites: [own], scopes: ['report.read'], expiresAt } as const
    const { secret } = await accounts.tokens.issue(reads, operator)
    for (const text of [secret, `pp_${'A'.repeat(43)}`, 'ab'.repeat(32), '', '\0']) {
      assert.equal(await isSeed(own, text), false)
    }
    assert.equal(await isSeedOf(own, { principal: operator, authorization: undefined }, registry), false)
  })

  test('of release 0.1 have the token that was derived for their site, where it was not rotated', async () => {
    const key = randomBytes(32)
    // By hand, as release 0.1 computed it.
    const token = createHmac('sha256', key).update(`seed ${own}`).digest('hex')
    const upgraded = (sites: readonly string[]) => ({
      apiTokens: {
        ...registry.apiTokens,
        hasDerivedSeedTokens: async (site: string) => sites.includes(site),
      },
      storedSecret: async () => key,
    })
    const request = { principal: nobody, authorization: `Bearer ${token}` }
    assert.equal(await isSeedOf(own, request, upgraded([own, other])), true)
    assert.equal(await isSeedOf(other, request, upgraded([own, other])), false)
    assert.equal(await isSeedOf(own, request, upgraded([other])), false)
    // A site of this release has none.
    assert.equal(await isSeedOf(own, request, registry), false)
  })
})
