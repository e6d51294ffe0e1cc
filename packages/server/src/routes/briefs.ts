import { readSignedMessage } from '@peerpress/connectors'
import type { Brief, EvidenceItem, Registry } from '@peerpress/registry'
import { Router } from 'express'
import type { Bodies } from '../entry/bodies.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes */
const maxMessageBytes = 4 * 1024
/** Briefs of an answer, facts of a brief, and characters of a fact: an editor's panel shows no more. */
const most = { briefs: 10, facts: 12, text: 600 } as const

interface BriefRoutesOptions {
  readonly registry: Pick<Registry, 'sites' | 'briefs' | 'evidence'>
  readonly bodies: Bodies
}

/**
 * `POST /v1/sites/:site/briefs` accepts a signed `{"home_url": …}` of the site's CMS and answers `{"briefs": […]}`: the first ten of
 * the last list, as the graph has them, each with its first facts.
 */
export function briefRoutes({ registry, bodies }: BriefRoutesOptions): Router {
  const router = Router()
  router.post(
    '/v1/sites/:site/briefs',
    bodies.middleware<{ site: string }>(maxMessageBytes),
    signedMessage(async (signed, response) => {
      const { site } = await readSignedMessage(registry, signed)
      const list = (await registry.briefs.list(site.id)).slice(0, most.briefs)
      const ids = [...new Set(list.flatMap(({ facts }) => facts.slice(0, most.facts)))]
      const facts = new Map((await registry.evidence.get(site.id, ids)).map((item) => [item.id, item]))
      response.set('Cache-Control', 'no-store')
      response.json({ briefs: list.map((brief) => shown(brief, facts)) })
    }),
  )
  return router
}

function shown(brief: Brief, facts: ReadonlyMap<string, EvidenceItem>) {
  const { id, day, rank, question, readers, why, titles, descriptions, links, update, outline } = brief
  return {
    id,
    day,
    rank,
    question,
    readers,
    why,
    titles,
    descriptions,
    links,
    update,
    outline: outline.map(({ heading }) => heading),
    facts: brief.facts.slice(0, most.facts).flatMap((fact) => {
      const item = facts.get(fact)
      if (item === undefined) return []
      const { source, date, region, title, url } = item
      return {
        id: item.id,
        source,
        date,
        region,
        title,
        text: item.text.slice(0, most.text).toWellFormed(),
        url,
      }
    }),
  }
}
