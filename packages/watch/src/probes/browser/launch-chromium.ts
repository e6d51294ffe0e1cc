import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type Browser, connect } from 'puppeteer-core'
import { BrowserError } from './browser-error.ts'
import { pipeTransport } from './pipe-transport.ts'
import { createProfile, removeOldProfiles, removeProfile } from './profile.ts'
import { type BrowserLimits, watchResources } from './resources.ts'

/** A Chromium with a profile of its own that nothing has used before. */
export interface LaunchedBrowser {
  readonly browser: Browser
  /** Rejects when the browser ends or uses too much. Has a rejection handler. */
  readonly ended: Promise<never>
  /** The process and the group of all its processes. */
  readonly pid: number
  /** Kills all processes of the browser and removes the profile. Never rejects. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** Chromium's path. */
  readonly executable: string
  /** The only address that the browser connects to: `127.0.0.1:port`. */
  readonly proxy: string
  readonly limits: BrowserLimits
}

/**
 * The user that Chromium runs as when this process is root, because Chromium has no sandbox as root. systemd leaves
 * 65520 to 65533 unused (https://systemd.io/UIDS-GIDS/), so no other service has the id, as it may have that of `nobody`.
 */
const unprivilegedUser = 65_530

/**
 * Starts Chromium in its sandbox.
 * @throws {BrowserError} `unavailable`, `browser-ended`
 */
export async function launchChromium({ executable, proxy, limits }: LaunchOptions): Promise<LaunchedBrowser> {
  const user = process.getuid?.() === 0 ? unprivilegedUser : undefined
  await removeOldProfiles(user)
  const profile = await createProfile(user)
  const child = spawn('nice', ['-n', '10', executable, ...flagsFor(profile, proxy)], {
    // A group of its own, so that everything that it starts can be killed.
    detached: true,
    cwd: profile,
    env: environmentIn(profile),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    ...(user !== undefined && { uid: user, gid: user }),
  })
  const complaint = lastLines(child)
  const ending = Promise.withResolvers<never>()
  ending.promise.catch(() => {})
  child.on('error', (error) => ending.reject(unavailable(executable, `${error.message}.`)))
  child.on('exit', (code) => ending.reject(endingError(executable, code, complaint())))
  const { pid } = child
  const exited = Promise.withResolvers<void>()
  if (pid === undefined) exited.resolve()
  child.on('exit', () => exited.resolve())
  const resources =
    pid === undefined
      ? null
      : watchResources({ group: pid, profile, limits }, (reason) =>
          ending.reject(new BrowserError('too-large', reason)),
        )
  const close = async () => {
    resources?.stop()
    if (pid !== undefined) killGroup(pid)
    await exited.promise
    await removeProfile(profile, user)
  }
  try {
    const transport = pipeTransport(child.stdio[3] as Writable, child.stdio[4] as Readable)
    const connecting = connect({ transport, defaultViewport: { width: 1280, height: 800 } })
    connecting.catch(() => {})
    const browser = await Promise.race([connecting, ending.promise])
    return { browser, ended: ending.promise, pid: pid as number, close }
  } catch (error) {
    // The connection closes before the exit is known.
    const reason =
      error instanceof BrowserError ? error : await ending.promise.catch((cause: unknown) => cause)
    await close()
    throw reason
  }
}

const disabledFeatures: readonly string[] = [
  'DialMediaRouteProvider',
  // The probe requests the URL that it was given, and its redirects.
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'Translate',
]

/** https://peter.sh/experiments/chromium-command-line-switches/ */
function flagsFor(profile: string, proxy: string): readonly string[] {
  return [
    '--headless',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    // Every request goes through the proxy, those for this machine too, and no name is resolved anywhere else.
    `--proxy-server=http://${proxy}`,
    '--proxy-bypass-list=<-loopback>',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    // QUIC and WebRTC would send UDP, which the proxy does not see.
    '--disable-quic',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    // Nothing but the page loads anything.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-extensions',
    '--disable-default-apps',
    '--disable-component-extensions-with-background-pages',
    '--allow-browser-signin=false',
    '--disable-search-engine-choice-screen',
    '--disable-client-side-phishing-detection',
    `--disable-features=${disabledFeatures.join(',')}`,
    // Chromium's own services: nobody listens there.
    '--gaia-url=http://127.0.0.1:1',
    '--component-updater=url-source=http://127.0.0.1:1',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-pings',
    '--metrics-recording-only',
    '--disable-breakpad',
    '--disable-crash-reporter',
    '--password-store=basic',
    '--use-mock-keychain',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--mute-audio',
    '--block-new-web-contents',
    '--deny-permission-prompts',
    `--disk-cache-size=${32 * 1024 ** 2}`,
    'about:blank',
  ]
}

/** Nothing of this process's environment, which may hold passwords, reaches the browser. */
function environmentIn(profile: string): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: profile,
    TMPDIR: profile,
    XDG_CONFIG_HOME: profile,
    XDG_CACHE_HOME: profile,
    LANG: 'C.UTF-8',
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Characters of Chromium's messages that are read for the reason of its end. */
const maxComplaint = 4000

function lastLines(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (part: Buffer) => {
    text = (text + part.toString('latin1')).slice(-maxComplaint)
  })
  child.stderr?.on('error', () => {})
  return () => text
}

/** `nice` ends with 126 for what it may not run, and with 127 for what does not exist (POSIX). */
function endingError(executable: string, code: number | null, complaint: string): BrowserError {
  if (code === 126 || code === 127) return unavailable(executable, 'there is no such program.')
  if (/no usable sandbox|sandbox_host_linux|zygote_host_impl_linux/i.test(complaint)) {
    return new BrowserError(
      'unavailable',
      `${executable} has no sandbox here, so the browser probe is refused. Install Debian's package chromium-sandbox, or allow user namespaces for unprivileged users.`,
    )
  }
  return new BrowserError('browser-ended', `${executable} ended before the probe did.`)
}

function unavailable(executable: string, reason: string): BrowserError {
  return new BrowserError('unavailable', `${executable} cannot be started: ${reason}`)
}
