import { createPolls, type RequestPage } from '@peerpress/connectors'
import {
  createPublisherRole,
  createSiteClient,
  defaultFetchLimits,
  type Publisher,
  PublisherError,
} from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { Role } from '@peerpress/wire'

export interface PublishingOptions {
  readonly publisher: Publisher
  readonly registry: Registry
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/** The publisher and the polls of sources that name its posts, as one role of a server. */
export function createPublishingRole({ publisher, registry, report }: PublishingOptions): Role {
  const role = createPublisherRole(publisher, registry)
  let stopPolls = async () => {}
  return {
    ...role,
    start: async () => {
      const client = createSiteClient({ limits: defaultFetchLimits })
      const polls = createPolls({ registry, client, request: requestOf(publisher), report })
      stopPolls = async () => {
        await polls.stop()
        await client.close()
      }
      try {
        await polls.start()
        await role.start()
      } catch (error) {
        await stopPolls()
        throw error
      }
    },
    stop: async (left) => {
      const stop = stopPolls
      stopPolls = async () => {}
      await Promise.all([stop(), role.stop(left)])
    },
  }
}

function requestOf(publisher: Publisher): RequestPage {
  return async (site, { post, url }) => {
    try {
      await publisher.publish(site.id, post, url)
    } catch (error) {
      // A signed withdrawal counts more than a list.
      if (!(error instanceof PublisherError && error.code === 'withdrawn')) throw error
    }
  }
}
