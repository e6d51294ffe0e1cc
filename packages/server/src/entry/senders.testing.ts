import { createAccountServices } from '@peerpress/accounts'
import type { Registry } from '@peerpress/registry'
import type { OperatorToken } from '../operator-token.ts'
import { createSenders, type Senders } from './senders.ts'

/** The senders of a server without public reports and without a proxy, on a real registry. */
export function sendersOf(registry: Registry, operatorToken: OperatorToken): Senders {
  const { credentials } = createAccountServices({
    registry,
    isOperatorToken: (token) => operatorToken.matches(token),
    publicReports: false,
  })
  return createSenders({ credentials, clientAddress: () => '192.0.2.1', publicUrl: undefined })
}
