import assert from 'node:assert/strict'
import type { Principal } from '@peerpress/accounts'
import { ask, type TestApi } from '../api.testing.ts'
import { createApi } from '../create-api.ts'
import { schema } from '../schema/schema.ts'
import { queriesFrom, subscriptionCall, type WalkQuery } from '../schema/walk.testing.ts'
import { openStream } from '../streams/event-stream.testing.ts'
import { candidatesOf } from './candidates.testing.ts'
import type { NamedSite } from './named-site.testing.ts'

/** What an administrator reads of a site. */
export interface Known {
  readonly named: NamedSite
  /** Ids by the name of the field that has them. */
  readonly ids: Map<string, Set<string>>
  /** Every text of it. */
  readonly texts: Set<string>
  /** `Type.field` of every field that was selected. */
  readonly selected: ReadonlySet<string>
}

/** The administrator who makes a walk over one of two sites, and the other of them. */
export interface Reading {
  readonly administrator: Principal
  readonly other: NamedSite
}

const rootFields = Object.keys(schema.getQueryType()?.getFields() ?? {})

/** Reads all that the graph has of a site as an administrator, with the ids that each answer adds. */
export async function learn(
  opened: TestApi,
  named: NamedSite,
  { administrator, other, roots = rootFields }: Reading & { readonly roots?: readonly string[] },
): Promise<Known> {
  const site = named.id
  const [grant] = await opened.registry.lending.grantPage(site, { fromEnd: false, limit: 1 })
  const ids = new Map<string, Set<string>>([
    ['siteId', new Set([site])],
    ['postId', new Set(['12'])],
    ['findingId', new Set([Buffer.from(`Finding:${site}/lagging-region/FR`).toString('base64')])],
    ['briefId', new Set([named.brief])],
    ['draftId', new Set([named.drafts.queued])],
    ['annotationId', new Set([named.note])],
    ['uploadId', new Set([named.upload])],
    ['seedGrantId', new Set([Buffer.from(`SeedGrant:${site}/${grant?.item.id}`).toString('base64')])],
  ])
  const texts = new Set<string>()
  const selected = new Set<string>()
  const known: Known = { named, ids, texts, selected }
  const read = async (root: string, candidates: (field: string) => unknown) => {
    for (const { text, selects } of queriesFrom(schema, root, candidates)) {
      const { data, errors } = await ask(opened.api, text, { viewer: administrator })
      assert.deepEqual(errors, [], text)
      for (const select of selects) selected.add(select)
      // Lists of the installation have other sites, too.
      if (['site', 'node', 'nodes'].includes(root)) collect(data, known)
    }
  }
  for (const root of roots.toSorted((one) => (one === 'site' ? -1 : 1))) {
    if (root !== 'node') await read(root, candidatesOf(known, other))
    else for (const id of ids.get('id') ?? []) await read(root, idIs(id, known, other))
  }
  for (const { text, selects } of subscriptionsOf(known, other)) {
    const stream = await openStream(createApi(opened.sources), { query: text }, administrator)
    const { data, errors } = (await stream.next()) ?? {}
    stream.close()
    assert.deepEqual(errors ?? [], [], text)
    for (const select of selects) selected.add(select)
    collect(data, known)
  }
  return known
}

/** Returns every subscription of the schema, with the ids of a site. */
export function subscriptionsOf(known: Known, other: NamedSite): WalkQuery[] {
  return Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).map((name) =>
    subscriptionCall(schema, name, candidatesOf(known, other, name)),
  )
}

/** Returns every query of the schema, with the ids of a site. */
export function queriesOf(
  known: Known,
  other: NamedSite,
): { readonly root: string; readonly text: string }[] {
  return rootFields.flatMap((root) => {
    if (root !== 'node') {
      return queriesFrom(schema, root, candidatesOf(known, other)).map(({ text }) => ({ root, text }))
    }
    return [...(known.ids.get('id') ?? [])].flatMap((id) =>
      queriesFrom(schema, root, idIs(id, known, other)).map(({ text }) => ({ root, text })),
    )
  })
}

/** Returns what an administrator reads of a site, as one text. */
export async function everythingOf(
  opened: TestApi,
  known: Known,
  { administrator, other }: Reading,
): Promise<string> {
  const answers: unknown[] = []
  for (const { root, text } of queriesOf(known, other)) {
    if (root !== 'site') continue
    answers.push((await ask(opened.api, text, { viewer: administrator })).data)
  }
  return JSON.stringify(answers)
}

/** Returns texts that only one of the sites has. Short ones could be part of anything. */
export function marksOf(own: Pick<Known, 'texts'>, other: Pick<Known, 'texts'>): string[] {
  return [...own.texts].filter((text) => text.length >= 8 && !other.texts.has(text))
}

/** Adds the texts of an answer, and the ids in it by their names. */
export function collect(value: unknown, known: Pick<Known, 'ids' | 'texts'>, name = ''): void {
  if (Array.isArray(value)) for (const one of value) collect(one, known, name)
  else if (typeof value === 'object' && value !== null) {
    // Names of types are no site's.
    for (const [key, one] of Object.entries(value)) if (key !== '__typename') collect(one, known, key)
  } else if (typeof value === 'string') {
    // Two sites may be added, or visited, in the same moment.
    if (Number.isNaN(Date.parse(value))) known.texts.add(value)
    if (!/id$/i.test(name)) return
    const ids = known.ids.get(name) ?? new Set()
    known.ids.set(name, ids.add(value))
  }
}

const idIs = (id: string, known: Known, other: NamedSite) => (field: string) =>
  field === 'id' ? id : candidatesOf(known, other)(field)
