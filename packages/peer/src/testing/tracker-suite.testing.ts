import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { TrackerErrorCode, TrackerServerMessage } from '@peerpress/wire'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Platform, Socket } from '../platform.ts'
import { TrackerLine, type TrackerLineOptions } from '../tracker/tracker-line.ts'

interface Timer {
  readonly callback: () => void
  readonly ms: number
}

/** Tests the line to the tracker with the WebSocket of this platform. */
export function testTrackerLine(platform: Platform): void {
  describe('the line to the tracker', { timeout: 60_000 }, () => trackerLine(platform))
}

function trackerLine(platform: Platform): void {
  let server: WebSocketServer
  let url: string
  let lines: TrackerLine[]
  let now: number
  /** Timers in the order they were set, without those that were cancelled. */
  let timers: Timer[]
  let timerSet: PromiseWithResolvers<Timer>
  let joins: number
  let received: TrackerServerMessage[]
  let refusals: number
  let isRefused: PromiseWithResolvers<void>
  let hasPeers: boolean

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    lines = []
    now = 0
    timers = []
    timerSet = Promise.withResolvers()
    joins = 0
    received = []
    refusals = 0
    isRefused = Promise.withResolvers()
    hasPeers = false
  })
  afterEach(() => {
    for (const line of lines) line.stop()
    for (const socket of server.clients) socket.terminate()
    server.close()
  })

  function newLine(options: Partial<TrackerLineOptions> = {}): TrackerLine {
    const line = new TrackerLine({
      platform: {
        ...platform,
        now: () => now,
        random: () => 0,
        setTimer(callback, ms) {
          const timer = { callback, ms }
          timers.push(timer)
          timerSet.resolve(timer)
          return () => (timers = timers.filter((other) => other !== timer))
        },
      },
      url,
      join: () => {
        joins++
        return Promise.resolve({ type: 'join', ticket: `ticket ${joins}`, peer: 'p', signature: 's' })
      },
      onRefused() {
        refusals++
        isRefused.resolve()
      },
      hasPeers: () => hasPeers,
      onMessage: (message) => received.push(message),
      maxAttempts: 8,
      ...options,
    })
    lines.push(line)
    return line
  }

  /** The next connection at the tracker, after it sent its first message. */
  async function nextConnection(): Promise<WebSocket> {
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    await once(socket, 'message')
    return socket
  }

  /** The timer that is set next. */
  async function nextTimer(): Promise<Timer> {
    const timer = await timerSet.promise
    timerSet = Promise.withResolvers()
    timers = timers.filter((other) => other !== timer)
    return timer
  }

  /** Resolves when the line passed a message on. */
  async function isReceived(): Promise<void> {
    while (received.length === 0) await new Promise(setImmediate)
    received = []
  }

  const welcome = (socket: WebSocket): void =>
    socket.send(JSON.stringify({ type: 'welcome', iceServers: [] } satisfies TrackerServerMessage))
  const refuse = (socket: WebSocket, code: TrackerErrorCode): void => {
    socket.send(JSON.stringify({ type: 'error', code, message: '' } satisfies TrackerServerMessage))
    socket.close(1008)
  }

  test('joins with a fresh ticket each time', async () => {
    newLine().start()
    const [first] = (await once(server, 'connection')) as [WebSocket]
    const [message] = (await once(first, 'message')) as [Buffer]
    assert.deepEqual(JSON.parse(message.toString()), {
      type: 'join',
      ticket: 'ticket 1',
      peer: 'p',
      signature: 's',
    })
    first.close()
    const { callback } = await nextTimer()
    const again = once(server, 'connection')
    callback()
    const [second] = (await again) as [WebSocket]
    const [other] = (await once(second, 'message')) as [Buffer]
    assert.equal((JSON.parse(other.toString()) as { ticket: string }).ticket, 'ticket 2')
  })

  test('waits longer and longer for a tracker that ends each line at once, also after a welcome', async () => {
    newLine({ maxAttempts: Infinity }).start()
    const delays: number[] = []
    for (let i = 0; i < 8; i++) {
      const socket = await nextConnection()
      welcome(socket)
      socket.close()
      const { callback, ms } = await nextTimer()
      delays.push(ms)
      callback()
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  test('forgets its failures when a line lasted', async () => {
    newLine().start()
    const delays: number[] = []
    for (const duration of [0, 0, 30_001]) {
      const socket = await nextConnection()
      welcome(socket)
      await isReceived()
      now += duration
      socket.close()
      const { callback, ms } = await nextTimer()
      delays.push(ms)
      callback()
    }
    assert.deepEqual(delays, [1000, 2000, 1000])
  })

  test('gives a tracker that restarts time to come back', async () => {
    newLine().start()
    ;(await nextConnection()).close(1001)
    assert.equal((await nextTimer()).ms, 10_000)
  })

  for (const code of ['full', 'rate-limited'] as const)
    test(`waits longer after ${code}`, async () => {
      newLine({ maxAttempts: Infinity }).start()
      refuse(await nextConnection(), code)
      assert.equal((await nextTimer()).ms, 30_000)
    })

  test('gives up after eight failures in a row, and checks the policy only for connected peers', async () => {
    let isAllowed = true
    newLine({
      join: () => {
        joins++
        return isAllowed ? Promise.reject(new Error('no ticket')) : Promise.resolve(null)
      },
    }).start()
    for (let i = 0; i < 8; i++) (await nextTimer()).callback()
    let check = await nextTimer()
    assert.equal(check.ms, 45_000)
    assert.equal(joins, 9)
    check.callback()
    check = await nextTimer()
    assert.equal(joins, 9)
    hasPeers = true
    check.callback()
    check = await nextTimer()
    assert.deepEqual([joins, refusals], [10, 0])
    isAllowed = false
    check.callback()
    await isRefused.promise
    assert.deepEqual(timers, [])
  })

  test('of a page is given up after two refused tickets, or a ban', async () => {
    for (const [code, times] of [
      ['bad-ticket', 2],
      ['banned', 1],
    ] as const) {
      const line = newLine()
      line.start()
      for (let i = 1; i <= times; i++) {
        refuse(await nextConnection(), code)
        const { callback, ms } = await nextTimer()
        assert.equal(ms, i < times ? 1000 : 45_000)
        if (i < times) callback()
      }
      line.stop()
    }
  })

  test('of a seed is never given up', async () => {
    newLine({ maxAttempts: Infinity }).start()
    for (const code of ['bad-ticket', 'bad-ticket', 'banned'] as const) {
      refuse(await nextConnection(), code)
      const { callback, ms } = await nextTimer()
      assert.ok(ms <= 60_000)
      callback()
    }
    welcome(await nextConnection())
  })

  test('is stopped when the policy changed, and may be started again', async () => {
    const line = newLine()
    line.start()
    const socket = await nextConnection()
    const closed = once(socket, 'close')
    refuse(socket, 'policy-changed')
    await closed
    await isRefused.promise
    assert.deepEqual([refusals, timers], [1, []])
    line.start()
    await nextConnection()
    assert.equal(joins, 2)
  })

  test('is one line, when it is stopped and started while it gets a ticket', async () => {
    const tickets: (() => void)[] = []
    const line = newLine({
      join: () =>
        new Promise((resolve) =>
          tickets.push(() => resolve({ type: 'join', ticket: '', peer: 'p', signature: 's' })),
        ),
    })
    line.start()
    line.stop()
    line.start()
    let connections = 0
    server.on('connection', () => connections++)
    const connected = nextConnection()
    for (const resolve of tickets) resolve()
    const socket = await connected
    assert.deepEqual([tickets.length, connections], [2, 1])
    // A line of the first start would have sent its message before this one.
    const goodbye = once(socket, 'message')
    line.stop()
    const [message] = (await goodbye) as [Buffer]
    assert.deepEqual(JSON.parse(message.toString()), { type: 'leave' })
    assert.equal(connections, 1)
  })

  test('that is stopped while it connects is not tried again', async () => {
    const opened = Promise.withResolvers<Socket>()
    const line = newLine({
      platform: {
        ...platform,
        openSocket(address) {
          const socket = platform.openSocket(address)
          opened.resolve(socket)
          return socket
        },
        random: () => 0,
        setTimer(callback, ms) {
          timers.push({ callback, ms })
          return () => {}
        },
      },
    })
    line.start()
    const socket = await opened.promise
    const closed = Promise.withResolvers<void>()
    socket.addEventListener('close', () => closed.resolve())
    line.stop()
    await closed.promise
    assert.deepEqual(timers, [])
  })

  test('ignores messages of a later release, and closes for what is no message', async () => {
    newLine().start()
    const socket = await nextConnection()
    const closed = once(socket, 'close')
    socket.send(JSON.stringify({ type: 'of a later release' }))
    welcome(socket)
    await isReceived()
    assert.equal(socket.readyState, socket.OPEN)
    socket.send('no message')
    await closed
    assert.equal((await nextTimer()).ms, 1000)
  })

  test('that can never be opened is not tried again', async () => {
    newLine({
      platform: {
        ...platform,
        random: () => 0,
        openSocket: () => {
          throw new Error('forbidden')
        },
        setTimer(callback, ms) {
          timerSet.resolve({ callback, ms })
          return () => {}
        },
      },
    }).start()
    assert.equal((await nextTimer()).ms, 45_000)
  })
}
