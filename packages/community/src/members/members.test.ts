import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ledgerText, type SiteCredentials } from '@peerpress/registry'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { CommunityError, type CommunityErrorCode } from '../community-error.ts'
import { createShares } from '../posts/shares.ts'
import { createMembers, type Members } from './members.ts'

const day = 86_400_000

suite('member sites', { timeout: 60_000 }, () => {
  let bench: CommunityBench
  let members: Members
  before(async () => {
    bench = await openCommunityBench()
    members = createMembers(bench)
  })
  after(() => bench.close())

  const refused = (code: CommunityErrorCode, site: string, message = /./) =>
    assert.rejects(members.join(site), (error) => {
      assert.ok(error instanceof CommunityError, String(error))
      assert.equal(error.code, code)
      assert.match(error.message, message)
      return true
    })
  const rows = async (member: string) =>
    (await bench.ledger.read({ member, limit: 100 })).map(({ kind, body }) =>
      'reason' in body ? `${kind} ${body.reason}` : kind,
    )
  const publishFile = async (host: string, { site }: SiteCredentials, text?: string) => {
    const file = text ?? (await members.proofFile(site))
    bench.hosts.set(host, (request, response) => {
      const isFile = (request.url ?? '').startsWith('/.well-known/peerpress.json')
      response.writeHead(isFile ? 200 : 404, { 'content-type': 'application/json' }).end(isFile ? file : '')
    })
  }

  test('a site whose plugin answers a challenge at its domain becomes a member', async () => {
    const credentials = await bench.addSite('plugin.localhost')
    bench.installPlugin('plugin.localhost', credentials)
    const { site, member, method, problem } = await members.join(credentials.site.id)
    assert.deepEqual(
      [site, member, method, problem],
      [credentials.site.id, 'plugin.localhost', 'plugin', null],
    )
    assert.deepEqual(await rows('plugin.localhost'), ['proof'])
  })

  test('nothing but the domain itself proves anything', async () => {
    const { site } = await bench.addSite('silent.localhost')
    await refused('unproven', site.id, /silent\.localhost.*is not answered by the plugin/)
    // A page that repeats its parameters, and the plugin of another site.
    bench.hosts.set('silent.localhost', (request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(request.url)
    })
    await refused('unproven', site.id, /is answered by another site/)
    bench.installPlugin('silent.localhost', await bench.addSite('other.localhost'))
    await refused('unproven', site.id, /is answered by another site/)
    assert.equal(await bench.registry.memberSites.get(site.id), null)
    assert.deepEqual(await rows('silent.localhost'), [])
  })

  test('a signed file proves a site without a plugin; a copy of it proves no other domain', async () => {
    const one = await bench.addSite('static.localhost')
    await publishFile('static.localhost', one)
    assert.equal((await members.join(one.site.id)).method, 'file')
    const thief = await bench.addSite('thief.localhost')
    await publishFile('thief.localhost', one)
    await refused('unproven', thief.site.id, /has no proof of this site/)
  })

  test('a hostile file proves nothing and ends nothing', async () => {
    const credentials = await bench.addSite('hostile.localhost')
    for (const text of ['{', 'null', '{"proofs":{}}', '{"proofs":[null,1,"x",{}]}', '['.repeat(60_000)]) {
      await publishFile('hostile.localhost', credentials, text)
      await refused('unproven', credentials.site.id, /has no proof of this site/)
    }
    await refused('too-many', credentials.site.id, /Try again in \d+ minutes/)
  })

  test('a domain whose name below alone is proven stays apart from it', async () => {
    const credentials = await bench.addSite('www.below.localhost')
    bench.installPlugin('www.below.localhost', credentials)
    const { member, domain } = await members.join(credentials.site.id)
    assert.deepEqual([member, domain], ['www.below.localhost', 'below.localhost'])
    const [proof] = await bench.ledger.read({ member, limit: 1 })
    assert.equal(proof?.kind === 'proof' && proof.body.domain, 'below.localhost')
    // The domain itself redirects to the host of its site.
    bench.hosts.set('below.localhost', (request, response) => {
      const location = `http://www.below.localhost:${bench.port}${request.url ?? ''}`
      response.writeHead(301, { location }).end()
    })
    assert.equal((await members.join(credentials.site.id)).member, 'below.localhost')
    assert.deepEqual(await rows('www.below.localhost'), ['proof', 'left left'])
  })

  test('a redirect to another host is not followed', async () => {
    const { site } = await bench.addSite('leads-away.localhost')
    bench.hosts.set('leads-away.localhost', (_request, response) => {
      response.writeHead(302, { location: `http://elsewhere.localhost:${bench.port}/` }).end()
    })
    await refused('unproven', site.id, /not on an origin registered/)
    assert.ok(!bench.requests.some((request) => request.startsWith('elsewhere.localhost')))
  })

  test('the owner of a folder does not prove the host', async () => {
    const credentials = await bench.addSite('university.localhost', '/~bob/')
    bench.hosts.set('university.localhost', (request, response) => {
      response.writeHead(request.url?.startsWith('/~bob/') === true ? 200 : 404).end()
    })
    await refused('unproven', credentials.site.id)
  })

  test('a private address is not fetched unless the operator allowed it', async () => {
    const registered = { consent: 'assumed', allowPrivateAddresses: false } as const
    const { site } = await bench.registry.sites.add({ url: 'http://public-name.com/', ...registered })
    // The client of this test resolves every name to 127.0.0.1.
    await refused('unproven', site.id, /no public address/)
  })

  test('a domain that another site proves changes hands, with the time of its membership', async () => {
    const seller = await bench.addSite('sold.localhost')
    bench.installPlugin('sold.localhost', seller)
    await members.join(seller.site.id)
    bench.advance(10 * day)
    const next = await bench.addSite('sold.localhost', '/blog/')
    bench.hosts.set('sold.localhost', (_request, response) => response.writeHead(404).end())
    await publishFile('sold.localhost', next)
    const { joinedAt } = await members.join(next.site.id)
    assert.deepEqual(joinedAt, new Date(bench.now()))
    assert.equal(await bench.registry.memberSites.get(seller.site.id), null)
    assert.deepEqual(await rows('sold.localhost'), ['proof', 'left changed-hands', 'proof'])
  })

  test('proofs are repeated; a membership without one in 30 days lapses', async () => {
    const [kept, lost] = [await bench.addSite('kept.localhost'), await bench.addSite('lost.localhost')]
    for (const { site, webhookSecret } of [kept, lost]) {
      const { hostname } = new URL(site.url)
      bench.installPlugin(hostname, { site, webhookSecret })
      await members.join(site.id)
    }
    bench.hosts.delete('lost.localhost')
    const renew = () => members.renew(new AbortController().signal)
    const known = async ({ site }: SiteCredentials) => bench.registry.memberSites.get(site.id)
    bench.advance(22 * day)
    await renew()
    assert.deepEqual(await rows('kept.localhost'), ['proof'])
    bench.advance(2 * day)
    await renew()
    assert.deepEqual(await rows('kept.localhost'), ['proof', 'proof'])
    assert.match((await known(lost))?.problem ?? '', /lost\.localhost/)
    bench.advance(6 * day)
    await renew()
    assert.equal(await known(lost), null)
    assert.deepEqual(await rows('lost.localhost'), ['proof', 'left lapsed'])
    assert.equal((await known(kept))?.problem, null)
  })

  test('an owner who leaves takes the content along, and its texts are erased', async () => {
    const credentials = await bench.addSite('leaves.localhost')
    bench.installPlugin('leaves.localhost', credentials)
    await members.join(credentials.site.id)
    assert.equal(await members.leave(credentials.site.id), true)
    assert.equal(await members.leave(credentials.site.id), false)
    assert.deepEqual(await rows('leaves.localhost'), ['proof', 'left left'])
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
  })

  test('an owner who leaves while the server fails can leave again, and nothing stays', async () => {
    const host = 'interrupted.localhost'
    const credentials = await bench.addSite(host)
    bench.installPlugin(host, credentials)
    const { id } = credentials.site
    await members.join(id)
    const page = '<title>An interrupted post</title>'
    bench.hosts.set(host, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    })
    await bench.publish(credentials, '1', `http://${host}:${bench.port}/1/`)
    const shared = await createShares(bench).share(id, '1')
    const titleHash = ledgerText(shared.title).hash
    const { registry } = bench
    for (const failing of [
      { ledger: { ...registry.ledger, eraseTexts: failed } },
      { sharedPosts: { ...registry.sharedPosts, removeOf: failed } },
      { memberSites: { ...registry.memberSites, remove: failed } },
    ]) {
      await assert.rejects(
        createMembers({ ...bench, registry: { ...registry, ...failing } }).leave(id),
        /cut/,
      )
    }
    assert.equal(await members.leave(id), true)
    assert.equal((await registry.ledger.texts([titleHash])).size, 0)
    assert.deepEqual(await registry.sharedPosts.of(id, 10), [])
    assert.deepEqual(await rows(host), ['proof', 'submission', 'left left'])
    assert.deepEqual((await registry.ledger.verify()).problems, [])
  })
})

const failed = () => Promise.reject(new Error('cut'))
