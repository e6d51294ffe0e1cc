import { CliError } from '../cli-error.ts'
import { allNodes, type ConnectionPage } from '../client/all-nodes.ts'
import type { GraphqlClient } from '../client/graphql-client.ts'

/** An account as the command prints it. */
export interface AccountRow {
  readonly accountId: string
  readonly email: string
  readonly name: string
  readonly role: string
}

/** Returns the open accounts, oldest first. */
export async function allAccounts(client: GraphqlClient): Promise<readonly AccountRow[]> {
  const accounts = await Array.fromAsync(
    allNodes(async (after) => {
      const answer = await client.query<{
        accountsConnection: ConnectionPage<Omit<AccountRow, 'role'> & { readonly isAdministrator: boolean }>
      }>(
        `query($after: String) {
          accountsConnection(first: 100, after: $after) {
            edges { node { accountId email name isAdministrator } }
            pageInfo { hasNextPage endCursor }
          }
        }`,
        { after },
      )
      return answer.accountsConnection
    }),
  )
  return accounts.toReversed().map(({ isAdministrator, ...row }) => ({
    ...row,
    role: isAdministrator ? 'administrator' : 'member',
  }))
}

interface MemberNode {
  readonly role: string
  readonly account: Omit<AccountRow, 'role'>
}

/**
 * Returns the members of a site, oldest first.
 * @throws {CliError} `server-refused` if there is no such site
 */
export async function membersOf(client: GraphqlClient, siteId: string): Promise<readonly AccountRow[]> {
  const members = await Array.fromAsync(
    allNodes(async (after) => {
      const { site } = await client.query<{
        site: { readonly membersConnection: ConnectionPage<MemberNode> } | null
      }>(
        `query($siteId: String!, $after: String) {
          site(siteId: $siteId) {
            membersConnection(first: 100, after: $after) {
              edges { node { role account { accountId email name } } }
              pageInfo { hasNextPage endCursor }
            }
          }
        }`,
        { siteId, after },
      )
      if (site === null) throw new CliError('server-refused', `there is no site ${siteId}`)
      return site.membersConnection
    }),
  )
  return members.toReversed().map(({ role, account: of }) => ({ ...of, role: role.toLowerCase() }))
}
