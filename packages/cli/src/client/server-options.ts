import { resolve } from 'node:path'
import type { ParseArgsConfig } from 'node:util'
import { type GraphqlClient, graphqlClient, readOperatorToken } from './graphql-client.ts'

/** Options of every command that talks to a running server. */
export const serverOptions = {
  server: { type: 'string', default: 'http://127.0.0.1:4600' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

/** Their lines in a usage text. */
export const serverOptionsUsage = `  --server URL  the running server (http://127.0.0.1:4600)
  --data DIR    its data folder, where the operator token is (PEERPRESS_DATA or ./data)
  --json        the result as one JSON line`

/** Returns a client of that server with the operator's token. */
export async function operatorClient(values: {
  readonly server: string
  readonly data?: string | undefined
}): Promise<GraphqlClient> {
  return graphqlClient(values.server, await readOperatorToken(dataDirectoryOf(values)))
}

/** Returns the server's data folder. */
export function dataDirectoryOf({ data }: { readonly data?: string | undefined }): string {
  return resolve(data ?? process.env['PEERPRESS_DATA'] ?? 'data')
}
