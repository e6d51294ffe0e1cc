import { join } from 'node:path'
import { type Draft, type DraftInput, evidenceItem, openRegistry, type Registry } from '@peerpress/registry'
import type { ServerProcess } from './server-process.ts'

/** A brief of a site, and the evidence that a draft of it cites. */
export interface SeededBrief {
  readonly brief: string
  readonly evidence: string
}

/** Does something with the records of a server, which is stopped meanwhile because it owns them. */
export async function withRecords<T>(
  server: ServerProcess,
  change: (registry: Registry) => Promise<T>,
): Promise<T> {
  await server.stop()
  const registry = await openRegistry({ directory: join(server.dataDirectory, 'registry') })
  try {
    return await change(registry)
  } finally {
    await registry.close()
    await server.restart()
  }
}

/** Gives a site one brief, one item of evidence, and the model behind a URL on loopback. */
export async function seedBrief(registry: Registry, site: string, baseUrl: string): Promise<SeededBrief> {
  const fact = evidenceItem({
    site,
    source: 'upload',
    date: '2026-03-01',
    region: null,
    language: 'en',
    post: null,
    title: 'Hours of the bakery',
    text: 'Rye rises in 6 hours.',
    url: 'https://bakery.example/hours',
  })
  await registry.evidence.record(site, ['finding'], [fact])
  await registry.briefs.record(site, '2026-03-06', [
    {
      subject: 'rye',
      kind: 'query-without-page',
      question: 'How long does rye rise?',
      readers: 'Everybody',
      region: null,
      language: 'en',
      outline: [],
      titles: [],
      descriptions: [],
      links: [],
      facts: [fact.id],
      update: [],
      score: 1,
      why: 'People search it.',
    },
  ])
  const model = { site, kind: 'endpoint', baseUrl, name: 'small', key: null, prices: null } as const
  const limits = { allowPrivateAddresses: true, budget: 1_000_000, maxOutputTokens: 1000 }
  await registry.models.set({ ...model, ...limits }, 'operator')
  const [brief] = await registry.briefs.list(site)
  if (brief === undefined) throw new Error('the brief was not recorded')
  return { brief: brief.id, evidence: fact.id }
}

/** Returns a draft of the seeded brief that passes all gates. */
export function ryeDraft(evidence: string): NonNullable<Draft['content']> {
  const claims = [{ text: 'Rye rises in 6 hours.', evidence: [evidence] }]
  return { title: 'How long rye rises', description: 'Rye.', sections: [{ heading: 'Hours', claims }] }
}

/** Returns what a request for a draft of the seeded brief has. */
export function ryeRequest(site: string, { brief }: SeededBrief): DraftInput {
  return { site, brief, language: 'en', region: null, requestedBy: null }
}
