import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Progress } from './progress.ts'
import { TestbedError } from './testbed-error.ts'

/** A part of the system that a command needs. It is present when one of the paths exists. */
export interface SystemPart {
  readonly paths: readonly string[]
  /** The Debian packages that contain it. */
  readonly packages: readonly string[]
}

const chromium: SystemPart = { paths: ['/usr/bin/chromium'], packages: ['chromium', 'fonts-dejavu-core'] }
const firefox: SystemPart = { paths: ['/usr/bin/firefox-esr'], packages: ['firefox-esr'] }
const webkit: readonly SystemPart[] = [
  { paths: ['/usr/bin/WebKitWebDriver'], packages: ['webkit2gtk-driver'] },
  // WebKit's browser has no headless mode.
  { paths: ['/usr/bin/Xvfb'], packages: ['xvfb'] },
]
const phpExtension = (name: string, file: string): SystemPart => ({
  paths: ['8.2', '8.3', '8.4'].map((version) => `/etc/php/${version}/cli/conf.d/20-${file}.ini`),
  packages: [`php-${name}`],
})
const wordpress: readonly SystemPart[] = [
  { paths: ['/usr/bin/php'], packages: ['php-cli'] },
  phpExtension('mysql', 'mysqli'),
  phpExtension('curl', 'curl'),
  phpExtension('xml', 'dom'),
  phpExtension('gd', 'gd'),
  phpExtension('mbstring', 'mbstring'),
  { paths: ['/usr/sbin/mariadbd'], packages: ['mariadb-server'] },
  { paths: ['/usr/share/wordpress/wp-load.php'], packages: ['wordpress'] },
  {
    paths: [
      '/usr/share/wordpress/wp-content/themes/twentytwentythree/style.css',
      '/var/lib/wordpress/wp-content/themes/twentytwentythree/style.css',
    ],
    packages: ['wordpress-theme-twentytwentythree'],
  },
]
const checkers: readonly SystemPart[] = [
  { paths: ['/usr/bin/pgrep'], packages: ['procps'] },
  { paths: ['/usr/sbin/tc', '/sbin/tc'], packages: ['iproute2'] },
  { paths: ['/usr/bin/turnserver'], packages: ['coturn'] },
  { paths: ['/usr/bin/shellcheck'], packages: ['shellcheck'] },
  { paths: ['/usr/bin/phpcs'], packages: ['php-codesniffer'] },
  { paths: ['/usr/bin/phpunit'], packages: ['phpunit'] },
  { paths: ['/usr/bin/docker-compose'], packages: ['docker-compose'] },
  {
    paths: ['/usr/lib/postgresql/15/bin/postgres', '/usr/lib/postgresql/17/bin/postgres'],
    packages: ['postgresql'],
  },
]

/** The parts of the system that each command needs. */
export const systemParts = {
  demo: [chromium],
  'demo --wordpress': [chromium, ...wordpress],
  test: [chromium, firefox, ...webkit, ...wordpress, ...checkers],
} as const satisfies Record<string, readonly SystemPart[]>

/** Returns the Debian packages whose parts are missing on this machine. */
export function missingPackages(parts: readonly SystemPart[]): string[] {
  const missing = parts.filter(({ paths }) => !paths.some((path) => existsSync(path)))
  return [...new Set(missing.flatMap(({ packages }) => packages))]
}

/**
 * Installs missing packages where that is possible: as root, on Debian or a system derived from it.
 * @throws {TestbedError} `missing-package`, naming the missing packages and the command that installs it.
 */
export function installSystemPackages(parts: readonly SystemPart[], progress: Progress): void {
  const missing = missingPackages(parts)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!canInstall) {
    throw new TestbedError(
      'missing-package',
      `these Debian packages are missing: ${missing.join(', ')}.\nInstall them (sudo apt-get update && sudo ${command}) and run this again.`,
    )
  }
  progress.step(`installing ${missing.join(', ')} (a minute or two)`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], command.split(' ').slice(1)]) {
    // apt-get reports its progress on stderr, as this command does.
    const { status } = spawnSync('apt-get', args, { env: environment, stdio: ['ignore', 2, 2] })
    if (status !== 0)
      throw new TestbedError(
        'missing-package',
        `"apt-get ${args.join(' ')}" failed; the lines above say why.`,
      )
  }
  const still = missingPackages(parts)
  if (still.length > 0) {
    throw new TestbedError(
      'missing-package',
      `apt-get succeeded, yet these packages are still missing: ${still.join(', ')}.`,
    )
  }
}
