import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { draftInput } from '../drafts/drafts.testing.ts'
import { evidenceItem } from '../evidence/evidence-item.ts'
import { symptoms } from '../incidents/incident.ts'
import { epochOf } from '../lending/receipts.ts'
import { refused, type SuiteContext } from '../suite.testing.ts'
import type { KeysetQuery, Place, Placed } from './keyset.ts'

const day = 86_400_000
const key = () => randomBytes(32).toString('base64url')

/** A list with a way to add an entry to it. */
interface List {
  readonly name: string
  readonly page: (query: KeysetQuery) => Promise<Placed<unknown>[]>
  readonly add: () => Promise<unknown>
}

/** Every list that is read page by page, whatever database it is in. */
export function describeKeysets(context: SuiteContext): void {
  describe('pages of lists', () => {
    for (const [name, open] of Object.entries(lists(context))) {
      test(`each of the ${name} is on one page, whatever the size and the direction`, async () => {
        const list = await opened(name, open)
        const all = await list.page(whole)
        assert.ok(all.length >= 9)
        const places = all.map(({ place }) => place)
        assert.ok(places.slice(1).every((place, i) => isBefore(places[i] ?? [], place)))
        for (const limit of [2, 3, 4, 5, 6, 7]) {
          for (const fromEnd of [false, true]) {
            assert.deepEqual(await walk(list, { limit, fromEnd }), all, `pages of ${limit}`)
          }
        }
      })

      test(`an entry that is added to the ${name} between two pages moves no other one`, async () => {
        const list = await opened(name, open)
        const first = await list.page({ fromEnd: false, limit: 3 })
        await list.add()
        const edge = first.at(-1)?.place ?? []
        const rest = (await list.page(whole)).filter(({ place }) => isBefore(edge, place))
        assert.deepEqual(await walk(list, { limit: 2, fromEnd: false, after: edge }), rest)
        const former = (await list.page(whole)).filter(({ place }) => isBefore(place, edge))
        assert.deepEqual(await walk(list, { limit: 2, fromEnd: true, before: edge }), former)
        assert.equal(former.length + 1 + rest.length, (await list.page(whole)).length)
      })

      test(`no page of the ${name} begins at a place that cannot be`, async () => {
        const list = await opened(name, open)
        const [first] = await list.page({ fromEnd: false, limit: 1 })
        const place = first?.place ?? []
        for (const wrong of [
          [],
          [...place, 'x'],
          place.slice(1),
          place.with(0, 'nonsense'),
          place.with(0, '9'.repeat(40)),
          place.with(0, ''),
          [...place.slice(0, -1), 'a\0'],
        ]) {
          await refused('invalid-place', list.page({ ...whole, after: wrong }))
          await refused('invalid-place', list.page({ ...whole, before: wrong }))
        }
      })
    }
  })

  /** Opens a list with nine entries, of which two, four and three are of the same moment. */
  async function opened(name: string, open: (path: string) => Promise<Omit<List, 'name'>>): Promise<List> {
    const list = await open(`${name.replaceAll(' ', '-')}/${key()}`)
    for (let i = 0; i < 9; i++) {
      await list.add()
      if (i === 1 || i === 5) context.advance(1000)
    }
    return { name, ...list }
  }
}

const whole = { fromEnd: false, limit: 10_000 } as const

/** Reads a list page by page. */
async function walk(list: List, query: KeysetQuery): Promise<readonly Placed<unknown>[]> {
  const found: Placed<unknown>[] = []
  let beyond: Pick<KeysetQuery, 'after' | 'before'> = {}
  for (;;) {
    const page = await list.page({ ...query, ...beyond })
    if (page.length === 0) return found
    assert.ok(page.length <= query.limit)
    if (query.fromEnd) found.unshift(...page)
    else found.push(...page)
    beyond = query.fromEnd ? { before: page[0]?.place ?? null } : { after: page.at(-1)?.place ?? null }
  }
}

/** Whether a place comes before another: the highest values are first, and all times here have as many digits. */
function isBefore(one: Place, other: Place): boolean {
  const i = one.findIndex((value, at) => value !== other[at])
  return i !== -1 && (one[i] ?? '') > (other[i] ?? '')
}

/** The lists by their names. Each opens with a site of its own. */
function lists(
  context: SuiteContext,
): Readonly<Record<string, (path: string) => Promise<Omit<List, 'name'>>>> {
  const registry = () => context.registry()
  const siteAt = async (path: string) => (await context.site(path)).site.id
  const soon = () => new Date(context.now() + 60_000)
  const within = <T>(
    work: (sql: Parameters<ReturnType<typeof registry>['lending']['offer']>[0]) => Promise<T>,
  ) => registry().ledger.transaction(({ sql }) => work(sql))
  const terms = () => ({
    id: randomBytes(8).toString('hex'),
    maxBytes: 1000,
    bytesPerDay: 2000,
    issuedAt: context.now(),
    expiresAt: context.now() + 400 * day,
  })
  const offer = async (owner: string) => {
    const seed = key()
    await within((sql) =>
      registry().lending.offer(sql, { ...terms(), seed, owner, country: 'BR' }, 'envelope'),
    )
    return seed
  }
  const grant = async (site: string, seed: string) =>
    within((sql) => registry().lending.grant(sql, { ...terms(), site, seed }, 'envelope'))
  const give = async (seed: string, site: string) => {
    const session = {
      seed,
      site,
      post: '12',
      epoch: epochOf(context.now()),
      nonce: randomBytes(16).toString('base64url'),
    }
    const giver = key()
    await registry().lending.join(giver, session)
    await registry().lending.record([{ ...session, giver, taker: key(), network: key(), bytes: 7 }])
  }
  const enrol = async (site: string) => {
    const hash = randomBytes(32)
    const email = `${randomBytes(8).toString('hex')}@keyset.example`
    await registry().welcomes.add(
      { kind: 'member', email, site, role: 'viewer' },
      { hash, expiresAt: soon(), actor: 'operator' },
    )
    await registry().welcomes.use(hash, { email, name: 'Name', password: 'a PHC string' })
  }

  return {
    sites: async (path) => {
      const ids: string[] = []
      return {
        page: (query) => registry().sites.page(ids, query),
        add: async () => ids.push(await siteAt(`${path}/${ids.length}`)),
      }
    },
    'sites of everybody': async (path) => ({
      page: (query) => registry().sites.page(null, query),
      add: () => siteAt(`${path}/${key()}`),
    }),
    accounts: async (path) => {
      const site = await siteAt(path)
      return { page: (query) => registry().accounts.page(query), add: () => enrol(site) }
    },
    members: async (path) => {
      const site = await siteAt(path)
      return { page: (query) => registry().memberships.page(site, query), add: () => enrol(site) }
    },
    tokens: async (path) => {
      const site = await siteAt(path)
      const token = { name: 'ci', account: null, scopes: ['report.read'], sites: [site], expiresAt: null }
      return {
        page: (query) => registry().apiTokens.page(site, query),
        add: () => registry().apiTokens.add({ ...token, hash: randomBytes(32) }, 'operator'),
      }
    },
    'audit events': async (path) => {
      const site = await siteAt(path)
      return {
        page: (query) => registry().audit.page(site, query),
        add: () => registry().audit.record({ actor: 'operator', action: 'site.approved', site }),
      }
    },
    'audit events of everything': async () => ({
      page: (query) => registry().audit.page(null, query),
      add: () => registry().audit.record({ actor: 'operator', action: 'operator-token.rotated' }),
    }),
    incidents: async (path) => {
      const site = await siteAt(path)
      let added = 0
      return {
        page: (query) => registry().incidents.page(site, query),
        // One symptom has one open incident, so that the former one ends.
        add: async () => {
          const symptom = symptoms[added++ % 2] ?? 'lcp'
          const former = (await registry().incidents.open(site)).find((each) => each.symptom === symptom)
          const summary = 'It is dead.'
          await registry().incidents.apply(site, [
            ...(former === undefined ? [] : [{ type: 'resolve', id: former.id, reason: 'Well.' } as const]),
            { type: 'open', symptom, severity: 'page', summary, since: new Date(context.now()) },
          ])
        },
      }
    },
    drafts: async (path) => {
      const site = await siteAt(path)
      return {
        page: (query) => registry().drafts.page(site, query),
        add: () => registry().drafts.request(draftInput(site)),
      }
    },
    'page trials': async (path) => {
      const site = await siteAt(path)
      let post = 0
      return {
        page: (query) => registry().pageTrials.page(site, query),
        add: () =>
          registry().pageTrials.begin({
            site,
            kind: 'title-missing',
            startedBy: 'Ada',
            pages: [
              {
                post: String(post++),
                url: 'https://blog.example/',
                isChangedHalf: false,
                title: 'T',
                description: null,
                seen: { title: null, description: null },
              },
            ],
          }),
      }
    },
    evidence: async (path) => {
      const site = await siteAt(path)
      const items: ReturnType<typeof evidenceItem>[] = []
      return {
        page: (query) => registry().evidence.page(site, {}, query),
        add: () => {
          const date = `2026-01-0${items.length < 2 ? 1 : items.length < 6 ? 2 : 3}`
          const none = { region: null, language: null, post: null, title: null, url: null }
          items.push(evidenceItem({ site, source: 'finding', date, text: `Fact ${items.length}.`, ...none }))
          return registry().evidence.record(site, ['finding'], items)
        },
      }
    },
    'shared posts': async (path) => {
      const site = await siteAt(path)
      let post = 0
      return {
        page: (query) => registry().sharedPosts.page(site, query),
        add: () =>
          registry().sharedPosts.add({
            id: randomBytes(8).toString('hex'),
            site,
            post: String(post++),
            member: 'blog.example',
            url: 'https://blog.example/',
            title: 'T',
            summary: '',
            language: null,
            region: null,
            topics: [],
            picture: null,
          }),
      }
    },
    'own seeds': async (path) => {
      const owner = await siteAt(path)
      return {
        page: (query) => registry().lending.offerPage({ owner }, query),
        add: () => offer(owner),
      }
    },
    'offered seeds': async (path) => {
      const owner = await siteAt(path)
      const besides = await siteAt(`${path}/other`)
      return {
        page: (query) => registry().lending.offerPage({ besides }, query),
        add: () => offer(owner),
      }
    },
    'seed grants': async (path) => {
      const site = await siteAt(path)
      const owner = await siteAt(`${path}/other`)
      return {
        page: (query) => registry().lending.grantPage(site, query),
        add: async () => grant(site, await offer(owner)),
      }
    },
    'days of seeds': async (path) => {
      const site = await siteAt(path)
      const owner = await siteAt(`${path}/other`)
      return {
        page: (query) => registry().lending.days({ owner }, 30, query),
        add: async () => give(await offer(owner), site),
      }
    },
  }
}
