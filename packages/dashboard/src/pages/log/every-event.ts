import type { LoggedEventFragment } from '../../generated/graphql.ts'
import { everyPage } from '../../report/every-page.ts'

/** A page of a log. */
interface LogConnection {
  readonly edges: readonly { readonly node: LoggedEventFragment }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Numbers of events of a page, shown and in a CSV file. */
export const logPage = { shown: 25, saved: 100 } as const

/** Loads the events of a CSV file, latest first. */
export function everyEvent(
  load: (page: {
    readonly first: number
    readonly after: string | null
  }) => Promise<LogConnection | undefined>,
): Promise<readonly LoggedEventFragment[]> {
  return everyPage(async (after) => {
    const page = await load({ first: logPage.saved, after })
    return {
      rows: page?.edges.map(({ node }) => node) ?? [],
      next: page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null,
    }
  })
}
