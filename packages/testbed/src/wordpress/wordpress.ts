import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installFiles, installSite, type PluginRelease } from './install.ts'
import { startMariaDb } from './mariadb.ts'
import { runPhp } from './php.ts'
import { publishPost } from './publish-post.ts'
import type { NewPost, PublishedPost } from './publish-post.ts'
import { signIn } from './sign-in.ts'
import type { SignedIn } from './sign-in.ts'
import { freePort, startWebServer } from './web-server.ts'

export interface WordPressOptions {
  /** Installs and activates this release of the plugin; null: no plugin. */
  readonly plugin: PluginRelease | null
  /** A name of this machine, as the host of its address. @default '127.0.0.1' */
  readonly host?: string
}

/** A real WordPress on a MariaDB of its own, served by `php -S` with four workers. */
export interface WordPress {
  /** Address of the site, no trailing slash. */
  readonly url: string
  /** Folder of wp-load.php. */
  readonly directory: string
  /** Folder that is served as `{url}/wp-content/uploads`. */
  readonly uploads: string
  /**
   * Runs PHP inside WordPress in a process of its own and resolves with what it printed. `input` is the variable
   * `$input` there. Such a process never starts the site's cron. Rejects when PHP ends with an error.
   */
  readonly php: (script: string, input?: unknown) => Promise<string>
  /** Imports the media and saves the post as the block editor does, over the REST API, as the administrator. */
  readonly publishPost: (post: NewPost) => Promise<PublishedPost>
  /** The administrator's session, always the same. */
  readonly signIn: () => Promise<SignedIn>
  /** Waits for the cron run that is going on, if any, then runs what is due now; resolves when that is done. */
  readonly runCron: () => Promise<void>
  /** PHP's and WordPress's notices so far, without those WordPress 6.1 itself causes on PHP 8.2 and offline. */
  readonly notices: () => Promise<readonly string[]>
  /** Kills the web server (SIGKILL), whatever its workers are doing; the database stays. */
  readonly stopHttp: () => Promise<void>
  readonly startHttp: () => Promise<void>
  readonly restart: () => Promise<void>
  /** Kills everything and removes every file. */
  readonly stop: () => Promise<void>
}

/** Starts a new WordPress, made of Debian's packages; takes about 5 s. */
export async function startWordPress({ plugin, host = '127.0.0.1' }: WordPressOptions): Promise<WordPress> {
  const home = await mkdtemp(join(tmpdir(), 'peerpress-wordpress-'))
  const port = await freePort()
  const url = `http://${host}:${port}`
  const directory = join(home, 'wordpress')
  const noticeFile = join(home, 'notices.log')

  const database = await startMariaDb(home)
  const stopEverything = async (): Promise<void> => {
    await http?.kill()
    await database.process.kill()
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
  const startHttp = async (): Promise<void> => {
    http = await startWebServer(directory, port, join(home, 'http.log'))
  }
  const stopHttp = async (): Promise<void> => {
    await http?.kill()
    http = null
  }
  let http: Awaited<ReturnType<typeof startWebServer>> | null = null
  let session: Promise<SignedIn> | undefined
  const php: WordPress['php'] = (script, input) => runPhp(directory, script, input)

  const administrator = (): Promise<SignedIn> => (session ??= signIn(php))

  try {
    await installFiles(directory, { url, database, noticeFile, plugin })
    await installSite(directory, url)
    if (plugin !== null) await php(activatePlugin)
    await startHttp()
  } catch (error) {
    await stopEverything()
    throw error
  }

  return {
    url,
    directory,
    uploads: join(directory, 'wp-content/uploads'),
    php,
    publishPost: (post) => publishPost({ url, php, signIn: administrator }, post),
    signIn: administrator,
    runCron: async () => {
      await php(waitForCron)
      await fetch(`${url}/wp-cron.php`)
    },
    notices: () => readFile(noticeFile, 'utf8').then(withoutKnownNotices, () => []),
    stopHttp,
    startHttp,
    restart: async () => {
      await stopHttp()
      await startHttp()
    },
    stop: stopEverything,
  }
}

const activatePlugin = `
require_once ABSPATH . 'wp-admin/includes/plugin.php';
$error = activate_plugin('peerpress/peerpress.php');
if (is_wp_error($error)) { throw new RuntimeException($error->get_error_message()); }
`

// WordPress holds a lock while its cron runs, and a second run that starts meanwhile does nothing. The lock of a run that
// was asked for and never began stays until it is too old, which WordPress checks in the same way.
const waitForCron = `
for ($tries = 0; (float) get_transient('doing_cron') + WP_CRON_LOCK_TIMEOUT > microtime(true); $tries++) {
    if ($tries > 2000) { throw new RuntimeException('WordPress cron did not end within 100 s'); }
    usleep(50000);
    wp_cache_flush();
}
`

/** What WordPress itself says on a recent PHP, without the internet, or when two cron runs take the same pings out. */
const knownNotices =
  /wp-includes\/(Requests|IXR)\/|WordPress\.org|Cron unschedule event error for hook: do_pings/

function withoutKnownNotices(log: string): readonly string[] {
  return log.split('\n').filter((line) => line !== '' && !knownNotices.test(line))
}
