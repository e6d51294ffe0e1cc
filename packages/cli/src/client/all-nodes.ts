/** A page of a connection of the graph. A query selects `pageInfo { hasNextPage endCursor }`. */
export interface ConnectionPage<Node> {
  readonly edges: readonly { readonly node: Node }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Yields the nodes of all pages of a connection. `pageAfter` reads the page after a cursor; null: the first page. */
export async function* allNodes<Node>(
  pageAfter: (after: string | null) => Promise<ConnectionPage<Node>>,
): AsyncGenerator<Node> {
  let after: string | null = null
  for (;;) {
    const { edges, pageInfo }: ConnectionPage<Node> = await pageAfter(after)
    yield* edges.map(({ node }) => node)
    if (!pageInfo.hasNextPage) return
    after = pageInfo.endCursor
  }
}
