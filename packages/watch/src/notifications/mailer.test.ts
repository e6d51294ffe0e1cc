import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { createMailer, type Mail } from './mailer.ts'
import { headerOf, startSmtpReceiver } from './smtp-receiver.testing.ts'

const mail: Mail = {
  to: 'owner@blog.example',
  id: '6f1c0c62-8f0e-4f43-a6f0-0d2b7d1a4c11',
  date: new Date('2026-05-04T12:00:00Z'),
  subject: 'Alert: blog.example',
  text: 'The site does not answer: 3 probes in a row failed — Überlast.\n',
  unsubscribe: 'https://peerpress.example/v1/unsubscribe/abc.def',
}
const from = 'alerts@peerpress.example'
const never = new AbortController().signal

/** Starts a TCP server that answers as `talk` says. */
async function startServer(t: TestContext, talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    talk(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

suite('the mailer', { timeout: 60_000 }, () => {
  test('sends a message with a stable id and one-click unsubscribe', async (t) => {
    const receiver = await startSmtpReceiver()
    t.after(() => receiver.close())
    await createMailer({ url: receiver.url, from }).send(mail, never)
    const [received] = receiver.received
    assert.ok(received)
    assert.equal(received.to, 'owner@blog.example')
    assert.equal(headerOf(received, 'From'), from)
    assert.equal(headerOf(received, 'Subject'), 'Alert: blog.example')
    assert.equal(headerOf(received, 'Message-ID'), `<${mail.id}@peerpress.example>`)
    assert.equal(headerOf(received, 'Date'), 'Mon, 04 May 2026 12:00:00 +0000')
    assert.equal(headerOf(received, 'List-Unsubscribe'), `<${mail.unsubscribe}>`)
    assert.equal(headerOf(received, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
    assert.equal(headerOf(received, 'Auto-Submitted'), 'auto-generated')
    assert.match(received.raw, /=C3=9Cberlast|Überlast|w5xiZXJsYXN0/)
  })

  test('signs in with the user of the URL', async (t) => {
    const user = { name: 'peer@press', password: 'p@ss:word' }
    const receiver = await startSmtpReceiver({ user })
    t.after(() => receiver.close())
    const url = receiver.url.replace('://', '://peer%40press:p%40ss%3Aword@')
    await createMailer({ url, from }).send(mail, never)
    assert.equal(receiver.received.length, 1)
    const wrong = createMailer({ url: url.replace('p%40ss', 'hunter2'), from })
    await assert.rejects(wrong.send(mail, never), (error: Error & { isFinal?: boolean }) => {
      assert.match(error.message, /refused the user or the password in PEERPRESS_SMTP_URL/)
      assert.doesNotMatch(error.message, /hunter2/)
      assert.equal(error.isFinal, false)
      return true
    })
  })

  for (const [code, isFinal] of [
    [550, true],
    [451, false],
  ] as const) {
    test(`a receiver refused with ${code} is ${isFinal ? 'given up' : 'tried again'}`, async (t) => {
      const receiver = await startSmtpReceiver({ refuse: () => ({ code, text: 'no such mailbox' }) })
      t.after(() => receiver.close())
      await assert.rejects(createMailer({ url: receiver.url, from }).send(mail, never), {
        code: 'mail',
        isFinal,
        message: /did not take the message: .*no such mailbox/,
      })
    })
  }

  test('a server that is silent after the connection ends the attempt', async (t) => {
    const url = await startServer(t, () => undefined)
    const mailer = createMailer({ url, from, stepTime: 50 })
    await assert.rejects(mailer.send(mail, never), { code: 'mail', isFinal: false })
  })

  test('a server that sends a byte now and then does not hold the attempt for ever', async (t) => {
    const url = await startServer(t, (socket) => {
      const drip = setInterval(() => socket.write('2'), 5)
      socket.on('close', () => clearInterval(drip))
    })
    const mailer = createMailer({ url, from, totalTime: 200 })
    await assert.rejects(mailer.send(mail, never), { code: 'mail', isFinal: false })
  })

  test('a port that nothing listens on, and a name without an address, end the attempt', async () => {
    for (const url of ['smtp://127.0.0.1:1', 'smtp://nothing.invalid:25']) {
      await assert.rejects(createMailer({ url, from }).send(mail, never), { code: 'mail', isFinal: false })
    }
  })

  test('a stop ends the attempt', async (t) => {
    const stop = new AbortController()
    const url = await startServer(t, () => stop.abort())
    await assert.rejects(createMailer({ url, from }).send(mail, stop.signal), { code: 'mail' })
  })

  test('a password is not sent to another machine without TLS', async (t) => {
    const lines: string[] = []
    const url = await startServer(t, (socket) => {
      socket.write('220 mail.example\r\n')
      socket.on('data', (data) => {
        lines.push(String(data))
        socket.write(
          String(data).startsWith('EHLO') ? '250-mail.example\r\n250 AUTH PLAIN\r\n' : '502 no\r\n',
        )
      })
    })
    // Any name but those of this machine; the test resolves it to this machine.
    const remote = url.replace('://127.0.0.1', '://user:hunter2@0.0.0.0')
    await assert.rejects(createMailer({ url: remote, from }).send(mail, never), { code: 'mail' })
    assert.match(lines.join(''), /STARTTLS/)
    assert.doesNotMatch(lines.join(''), /AUTH/)
  })
})
