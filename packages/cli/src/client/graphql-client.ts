import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { operatorTokenFile } from '@peerpress/server/operator-token'
import { CliError } from '../cli-error.ts'

/** Sends queries to a running server. */
export interface GraphqlClient {
  /**
   * @throws {CliError} `server-unreachable` or `server-refused`.
   */
  query<Data>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    options?: QueryOptions,
  ): Promise<Data>
}

export interface QueryOptions {
  /** ms. @default 30_000 */
  readonly timeout?: number
}

/** Returns a client of the server at `url`. With a token, queries have the operator's rights. */
export function graphqlClient(url: string, token?: string): GraphqlClient {
  return {
    async query<Data>(
      query: string,
      variables: Readonly<Record<string, unknown>> = {},
      { timeout = 30_000 }: QueryOptions = {},
    ): Promise<Data> {
      const response = await fetch(new URL('/graphql', url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(timeout),
      }).catch((cause: unknown) => {
        if (cause instanceof DOMException && cause.name === 'TimeoutError') {
          const why = `the server at ${url} gave no answer within ${Math.round(timeout / 1000)} s: it is busy. Try again.`
          throw new CliError('server-unreachable', why, { cause })
        }
        throw new CliError(
          'server-unreachable',
          `no server answers at ${url}. Start one with ./peerpress start, or name it with --server.`,
          { cause },
        )
      })
      const answer = (await response.json().catch(() => ({}))) as {
        data?: Data
        errors?: readonly { message: string }[]
      }
      if (answer.errors !== undefined || answer.data === undefined) {
        if (response.status === 404) {
          const where = `${url} has no graph: it is no PeerPress server, or one without the role api. Name another one with --server.`
          throw new CliError('server-refused', where)
        }
        const why = answer.errors?.map(({ message }) => message).join('; ') ?? `status ${response.status}`
        throw new CliError('server-refused', `the server at ${url} refused: ${why}`)
      }
      return answer.data
    },
  }
}

/**
 * Reads the operator's token from a server's data folder.
 * @throws {CliError} `server-unreachable` when there is none.
 */
export async function readOperatorToken(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, operatorTokenFile)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(
      'server-unreachable',
      `${file} cannot be read: start the server once, or name its data folder with --data.`,
      { cause },
    )
  })
  return text.trim()
}
