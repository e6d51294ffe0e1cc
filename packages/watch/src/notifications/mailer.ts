import { connect, type Socket } from 'node:net'
import { WatchError } from '../watch-error.ts'
import type { Message } from './render-message.ts'

/** An SMTP server, and the sender of its messages. */
export interface MailSettings {
  /** `smtp://user:password@host:port` (STARTTLS if offered), or `smtps://…` (TLS from the first byte). */
  readonly url: string
  /** The address in From. */
  readonly from: string
}

/** An e-mail to one receiver. */
export interface Mail extends Message {
  readonly to: string
  /** The same for every attempt, so that a receiver can drop a second copy. */
  readonly id: string
  readonly date: Date
  /** The link that unsubscribes by one POST request (RFC 8058); null for a message that a person asked for. */
  readonly unsubscribe: string | null
}

export interface MailerOptions extends MailSettings {
  /** ms for each step of the dialogue. @default 20_000 */
  readonly stepTime?: number
  /** ms for the whole dialogue: a server that sends a byte now and then would hold it for ever. @default 60_000 */
  readonly totalTime?: number
}

/** Sends e-mails. */
export interface Mailer {
  /**
   * Resolves when the SMTP server took the message.
   * @throws {WatchError} `mail`; final if the server refuses this receiver for good
   */
  send(mail: Mail, signal: AbortSignal): Promise<void>
}

export function createMailer({ url, from, stepTime = 20_000, totalTime = 60_000 }: MailerOptions): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isSecure = protocol === 'smtps:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const server = { host, port: Number(port === '' ? (isSecure ? 465 : 587) : port) }
  const auth =
    username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    send: async ({ to, id, date, subject, text, unsubscribe }, signal) => {
      // Loaded by the first mail: most starts of a server send none.
      const { createTransport } = await import('nodemailer')
      let socket: Socket | undefined
      const transport = createTransport({
        ...server,
        secure: isSecure,
        ...(auth !== null && { auth }),
        // A password never crosses a network in the clear.
        requireTLS: auth !== null && !isLoopback(host),
        greetingTimeout: stepTime,
        socketTimeout: stepTime,
        disableFileAccess: true,
        disableUrlAccess: true,
        // A socket of ours can be destroyed at any moment. The transport has no such way.
        getSocket: (_options: unknown, callback: SocketCallback) => {
          socket = openSocket(server, stepTime, callback)
        },
      })
      const limit = AbortSignal.any([signal, AbortSignal.timeout(totalTime)])
      const end = () => socket?.destroy(new Error('the server took too long'))
      limit.addEventListener('abort', end)
      try {
        limit.throwIfAborted()
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          date,
          messageId: `<${id}@${domain}>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribe !== null && {
              'List-Unsubscribe': `<${unsubscribe}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
        })
      } catch (cause) {
        throw mailError(cause)
      } finally {
        limit.removeEventListener('abort', end)
        socket?.destroy()
      }
    },
  }
}

type SocketCallback = (error: Error | null, socket?: { connection: Socket }) => void

/** Calls `callback` once: with the open socket, or with an error. */
function openSocket(
  server: { readonly host: string; readonly port: number },
  time: number,
  callback: SocketCallback,
): Socket {
  const socket = connect(server)
  const failed = (error: Error) => {
    socket.destroy()
    callback(error)
  }
  const late = () => failed(new Error('no connection in time'))
  socket.setTimeout(time, late)
  socket.once('error', failed)
  socket.once('connect', () => {
    socket.setTimeout(0)
    socket.removeListener('timeout', late)
    socket.removeListener('error', failed)
    // Between two listeners of the transport an error has none, and would end the process.
    socket.on('error', () => undefined)
    callback(null, { connection: socket })
  })
  return socket
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** The server's answer may repeat the receiver's address, which the site's owner knows. It never has the password. */
function mailError(cause: unknown): WatchError {
  const { code, responseCode, response } = cause as {
    code?: string
    responseCode?: number
    response?: string
  }
  const isRefusal = responseCode !== undefined && responseCode >= 500
  const isFinal = isRefusal && (code === 'EENVELOPE' || code === 'EMESSAGE')
  if (code === 'EAUTH') {
    return new WatchError('mail', 'The SMTP server refused the user or the password in PEERPRESS_SMTP_URL.', {
      cause,
    })
  }
  const reason = response ?? (cause instanceof Error ? cause.message : String(cause))
  return new WatchError('mail', `The SMTP server did not take the message: ${reason.slice(0, 300)}`, {
    isFinal,
    cause,
  })
}
