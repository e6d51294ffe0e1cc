import { readFile } from 'node:fs/promises'
import type { ProviderSettings } from '@peerpress/accounts'
import type { ServerConfig } from './config/config.ts'

/** Returns the identity provider of the configuration; null if there is none. */
export function providerSettings(
  config: Pick<ServerConfig, 'oidcIssuer' | 'oidcClientId' | 'oidcSecretFile' | 'oidcName'>,
): ProviderSettings | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcSecretFile: file, oidcName: name } = config
  if (issuer === undefined || clientId === undefined) return null
  const clientSecret = async () => (file === undefined ? null : (await readFile(file, 'utf8')).trim())
  return { issuer, clientId, clientSecret, name }
}
