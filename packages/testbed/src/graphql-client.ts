/** Sends queries to a running server as its operator. */
export interface GraphqlClient {
  /** Rejects when the server cannot be reached or refuses the query. */
  query<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>
}
