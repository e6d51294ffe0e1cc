import type { Role } from '@peerpress/wire'
import { type Api, type ApiOptions, createApi } from './create-api.ts'
import { CostBudget } from './limits/cost-budget.ts'

export interface ApiRole extends Role {
  /** The API while the role runs; else null. */
  readonly api: () => Api | null
  /** What each principal may spend in a minute, over all ways to ask for reports. */
  readonly budget: CostBudget
}

/** The GraphQL API as a role of a server. */
export function createApiRole(options: ApiOptions): ApiRole {
  const { budget = new CostBudget() } = options
  let api: Api | null = null
  return {
    name: 'api',
    api: () => api,
    budget,
    start: async () => {
      api = createApi({ ...options, budget })
    },
    stop: async () => {
      const stopped = api
      api = null
      await stopped?.dispose()
    },
    health: async () => {
      if (api === null) return { ok: false, detail: 'it is not open' }
      // A refusal for want of a token is an answer, too.
      const principal = { kind: 'nobody' } as const
      const sender = { principal, renew: async () => principal, mutationRefusal: null, network: '' }
      const { status } = await api.fetch('http://localhost/graphql?query={__typename}', { sender })
      return status < 500 ? { ok: true, detail: null } : { ok: false, detail: `it answers ${status}` }
    },
  }
}
