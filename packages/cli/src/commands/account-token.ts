import { CliError } from '../cli-error.ts'
import { allNodes, type ConnectionPage } from '../client/all-nodes.ts'
import { operatorClient } from '../client/server-options.ts'
import { say } from '../output/say.ts'
import { type AccountValues, siteIn } from './account-values.ts'

const dayMs = 86_400_000

/** Makes a token for a program and prints its secret. Resolves to the exit code. */
export async function createToken(name: string, values: AccountValues): Promise<number> {
  const siteIds = values.site ?? []
  if (siteIds.length === 0) throw new CliError('usage', 'name the sites of the token: --site SITE')
  const scopes = (values.scope ?? ['report-read']).map((scope) => scope.toUpperCase().replaceAll('-', '_'))
  const days = Number(values.days ?? 90)
  if (!Number.isInteger(days) || days < 1 || days > 366) {
    throw new CliError('usage', '--days takes a number of days, 1 to 366')
  }
  const isSeed = scopes.includes('SEED') && values.days === undefined
  const expiresAt = isSeed ? null : new Date(Date.now() + days * dayMs)
  const client = await operatorClient(values)
  const { tokenCreate } = await client.query<{ tokenCreate: { secret: string; token: object } }>(
    `mutation($input: TokenCreateInput!) {
       tokenCreate(input: $input) { secret token { tokenId name scopes siteIds expiresAt } }
     }`,
    { input: { name, siteIds, scopes, expiresAt } },
  )
  const { secret, token } = tokenCreate
  process.stdout.write(values.json ? `${JSON.stringify({ secret, ...token })}\n` : `${secret}\n`)
  say.step('the token is not shown again: send it as "Authorization: Bearer TOKEN"')
  return 0
}

/** Prints the tokens of a site. Resolves to the exit code. */
export async function listTokens(values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  const siteId = siteIn(values)
  const tokens = await Array.fromAsync(
    allNodes(async (after) => {
      const { site } = await client.query<{
        site: { readonly tokensConnection: ConnectionPage<TokenRow> } | null
      }>(
        `query($siteId: String!, $after: String) {
          site(siteId: $siteId) {
            tokensConnection(first: 100, after: $after) {
              edges { node { tokenId name scopes expiresAt usedAt } }
              pageInfo { hasNextPage endCursor }
            }
          }
        }`,
        { siteId, after },
      )
      if (site === null) throw new CliError('server-refused', `there is no site ${siteId}`)
      return site.tokensConnection
    }),
  )
  const oldestFirst = tokens.toReversed()
  if (values.json) process.stdout.write(`${JSON.stringify(oldestFirst)}\n`)
  for (const { tokenId, name, scopes, expiresAt } of values.json ? [] : oldestFirst) {
    const until = expiresAt === null ? 'until revoked' : `until ${expiresAt.slice(0, 10)}`
    process.stdout.write(`${tokenId}  ${until}  ${scopes.join(',').toLowerCase()}  ${name}\n`)
  }
  return 0
}

interface TokenRow {
  readonly tokenId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt: string | null
}

/** Ends a token. Resolves to the exit code. */
export async function revokeToken(tokenId: string, values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  await client.query('mutation($input: TokenRevokeInput!) { tokenRevoke(input: $input) { wasValid } }', {
    input: { tokenId },
  })
  if (values.json) process.stdout.write(`${JSON.stringify({ tokenId })}\n`)
  say.done(`token ${tokenId} ended`)
  return 0
}

/** Draws the operator token anew. Resolves to the exit code. */
export async function rotateOperatorToken(values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  await client.query('mutation { operatorTokenRotate { rotated } }')
  if (values.json) process.stdout.write(`${JSON.stringify({ rotated: true })}\n`)
  say.done('the new operator token is in the data folder; the former one ended')
  return 0
}

/** Returns a token for the seeds of a site: a further one, or one in place of all former ones. */
export async function seedTokenOf(
  siteId: string,
  { isRotation, ...values }: Pick<AccountValues, 'server' | 'data'> & { readonly isRotation: boolean },
): Promise<string> {
  const client = await operatorClient(values)
  if (isRotation) {
    const { seedTokensRotate } = await client.query<{ seedTokensRotate: { secret: string } }>(
      'mutation($input: SeedTokensRotateInput!) { seedTokensRotate(input: $input) { secret } }',
      { input: { siteId } },
    )
    return seedTokensRotate.secret
  }
  const { tokenCreate } = await client.query<{ tokenCreate: { secret: string } }>(
    'mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { secret } }',
    { input: { name: 'seed', siteIds: [siteId], scopes: ['SEED'] } },
  )
  return tokenCreate.secret
}
