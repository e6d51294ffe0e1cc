import type { AccountMailer } from '@peerpress/accounts'
import { createRecordId } from '@peerpress/registry'
import { createMailer } from '@peerpress/watch'
import type { ServerConfig } from './config/config.ts'
import { mailSettings } from './mail-settings.ts'

/** Returns what sends e-mails to people with accounts; null without an SMTP server. */
export function accountMailer(
  config: Pick<ServerConfig, 'smtpUrl' | 'mailFrom'>,
  address: () => string,
): AccountMailer | null {
  const settings = mailSettings(config)
  if (settings === null) return null
  const mailer = createMailer(settings)
  return {
    address,
    send: (mail) => {
      const never = new AbortController().signal
      return mailer.send({ ...mail, id: createRecordId(), date: new Date(), unsubscribe: null }, never)
    },
  }
}
