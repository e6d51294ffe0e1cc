import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as patience } from 'node:timers/promises'
import type { IceServer } from '@peerpress/wire'
import { freePort } from '../free-port.ts'

/** A real TURN server (coturn) on loopback. */
export interface TurnServer {
  readonly iceServer: IceServer
  stop(): Promise<void>
}

/** Resolves when it listens. */
export async function startTurnServer(): Promise<TurnServer> {
  const port = await freePort()
  const [username, credential] = ['reader', 'for-tests']
  const { stop } = await runTurnServer(port, [
    '-n',
    '--lt-cred-mech',
    '--no-tls',
    '--no-dtls',
    '--no-cli',
    '--allow-loopback-peers',
    '--relay-ip=127.0.0.1',
    '--realm=peerpress.test',
    `--user=${username}:${credential}`,
    '--log-file=stdout',
  ])
  return { iceServer: { urls: [`turn:127.0.0.1:${port}?transport=udp`], username, credential }, stop }
}

/** Runs coturn with these options on a port of loopback. Resolves when it listens. */
export async function runTurnServer(
  port: number,
  options: readonly string[],
): Promise<Pick<TurnServer, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'peerpress-turn-'))
  const server = spawn(
    'turnserver',
    [
      ...options,
      // It prints when it listens.
      '-v',
      '--listening-ip=127.0.0.1',
      `--listening-port=${port}`,
      `--pidfile=${join(folder, 'pid')}`,
      `--userdb=${join(folder, 'users')}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const said: string[] = []
  const listening = new Promise<void>((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      said.push(line)
      if (/UDP listener opened/.test(line)) resolve()
    })
  })
  const ended = once(server, 'exit')
  const stop = async (): Promise<void> => {
    server.kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  const waited = new AbortController()
  const outcome = await Promise.race([
    listening.then(() => 'listens' as const),
    ended.then(() => 'ended' as const),
    patience(20_000, 'silent' as const, { signal: waited.signal }),
  ])
  waited.abort()
  if (outcome !== 'listens') {
    if (outcome === 'silent') await stop()
    throw new Error(`turnserver ${outcome}:\n${said.join('\n')}`)
  }
  return { stop }
}
