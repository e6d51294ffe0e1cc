import type { GraphqlClient } from './graphql-client.ts'

/** A site that is connected to a server and has one published post. */
export interface PublishedSite {
  readonly siteId: string
  readonly postUrl: string
  close(): Promise<void>
}

/** The server that a site connects to. */
export interface TargetServer {
  /** Address of the server, no trailing slash. */
  readonly url: string
  /** A client with the operator's token. */
  readonly client: GraphqlClient
}
