import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A message that an SMTP server received. */
export interface ReceivedMail {
  readonly to: string
  /** Headers and body, unfolded. */
  readonly raw: string
}

/** Returns a header's value; null if the message has none. */
export function headerOf({ raw }: ReceivedMail, name: string): string | null {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ')
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return line === undefined ? null : line.slice(name.length + 1).trim()
}

export interface SmtpReceiver {
  readonly url: string
  readonly received: readonly ReceivedMail[]
  /** Resolves when `count` messages were received. */
  until(count: number): Promise<void>
  close(): Promise<void>
}

export interface SmtpReceiverOptions {
  /** @default any free port */
  readonly port?: number
  /** Called when a message has arrived as a whole and was not answered yet. */
  readonly onMessage?: () => void
  /** Returns the answer to a receiver's address; null accepts it. @default accepts all */
  readonly refuse?: (address: string) => { readonly code: number; readonly text: string } | null
  /** The only user, with TLS by STARTTLS. @default none: everybody may send */
  readonly user?: { readonly name: string; readonly password: string }
}

/** Starts a real SMTP server on loopback. */
export async function startSmtpReceiver(options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const { port = 0, onMessage, refuse = () => null, user } = options
  const received: ReceivedMail[] = []
  const waiting: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: user === undefined,
    allowInsecureAuth: true,
    disabledCommands: user === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      const isUser = username === user?.name && password === user?.password
      callback(isUser ? null : new Error('Invalid login'), isUser ? { user: username } : undefined)
    },
    onRcptTo: ({ address }, _session, callback) => {
      const answer = refuse(address)
      callback(answer === null ? null : Object.assign(new Error(answer.text), { responseCode: answer.code }))
    },
    onData: (stream, session, callback) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.once('error', (error) => callback(error))
      stream.once('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ')
        received.push({ to, raw: Buffer.concat(parts).toString() })
        onMessage?.()
        callback()
        for (const wake of waiting.splice(0)) wake()
      })
    },
  })
  server.on('error', () => undefined)
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  const until = async (count: number): Promise<void> => {
    while (received.length < count) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    }
  }
  return {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    received,
    until,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
