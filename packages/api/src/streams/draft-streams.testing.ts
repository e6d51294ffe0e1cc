import type { DraftChange } from '@peerpress/registry'
import type { TestApi } from '../api.testing.ts'
import { type Api, type ApiOptions, createApi } from '../create-api.ts'
import { addMembersSite } from '../members.testing.ts'
import { openStream } from './event-stream.testing.ts'

export const query = `subscription ($ids: [ID!]!) { draftProgress(ids: $ids) {
  draftId status characters sections expectedSections tokens latestClaim gates expectedGates
  refusals { code reason } problem
} }`

/** Returns what tests of streams need of an API: sites with drafts, and subscriptions to these. */
export function draftStreams(opened: () => TestApi) {
  let sites = 0
  const apiWith = (options: Partial<ApiOptions> = {}): Api =>
    createApi({ ...opened().sources, progressInterval: 5, ...options })
  /** A site with a draft that waits, and what changes it as the work on drafts does. */
  const addDraft = async () => {
    const { id: site, as, withScopes } = await addMembersSite(opened(), `progress-${++sites}`)
    const request = { site, brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const add = async () => {
      const { id } = await opened().registry.drafts.request(request)
      const change = (given: Partial<DraftChange>) =>
        opened().registry.drafts.change(id, { from: ['queued', 'writing'], to: 'writing', ...given })
      return { id, globalId: idOf(`Draft:${site}/${id}`), change }
    }
    return { site, as, withScopes, add, ...(await add()) }
  }
  const subscribe = (ids: readonly string[], from: Parameters<typeof openStream>[2], api = apiWith()) =>
    openStream(api, { query, variables: { ids } }, from)
  const codeOf = async (stream: ReturnType<typeof subscribe>) => {
    const answer = await stream
    const event = await answer.next()
    return [answer.status, event?.errors?.[0]?.extensions.code]
  }
  return { apiWith, addDraft, subscribe, codeOf }
}

export function idOf(text: string): string {
  return Buffer.from(text).toString('base64')
}
