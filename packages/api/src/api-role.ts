import type { Role } from '@peerpress/wire'
import { type Api, type ApiOptions, createApi } from './create-api.ts'

export interface ApiRole extends Role {
  /** The API while the role runs; else null. */
  readonly api: () => Api | null
}

/** The GraphQL API as a role of a server. */
export function createApiRole(options: ApiOptions): ApiRole {
  let api: Api | null = null
  return {
    name: 'api',
    api: () => api,
    start: async () => {
      api = createApi(options)
    },
    stop: async () => {
      api = null
    },
    health: async () => {
      if (api === null) return { ok: false, detail: 'it is not open' }
      // A refusal for want of a token is an answer, too.
      const sender = { principal: { kind: 'nobody' }, mutationRefusal: null, network: '' } as const
      const { status } = await api.fetch('http://localhost/graphql?query={__typename}', { sender })
      return status < 500 ? { ok: true, detail: null } : { ok: false, detail: `it answers ${status}` }
    },
  }
}
