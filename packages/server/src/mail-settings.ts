import type { ServerConfig } from './config/config.ts'

/** Returns the SMTP server and its sender; null if there is none. */
export function mailSettings({
  smtpUrl,
  mailFrom,
}: Pick<ServerConfig, 'smtpUrl' | 'mailFrom'>): { readonly url: string; readonly from: string } | null {
  return smtpUrl === undefined || mailFrom === undefined ? null : { url: smtpUrl, from: mailFrom }
}
