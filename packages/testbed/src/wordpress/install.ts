import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { MariaDb } from './mariadb.ts'
import { runPhpFile } from './php.ts'

const source = '/usr/share/wordpress'
const theme = 'twentytwentythree'

/** A release of the plugin: a folder and the paths of the release's files, relative to that folder. */
export interface PluginRelease {
  readonly directory: string
  readonly files: readonly string[]
}

export interface SiteFiles {
  readonly url: string
  readonly database: Pick<MariaDb, 'socket' | 'name'>
  /** Where PHP writes its notices. */
  readonly noticeFile: string
  /** null: without the plugin. */
  readonly plugin: PluginRelease | null
}

/** Puts WordPress, its theme, its configuration and, when wanted, the plugin into `directory`. */
export async function installFiles(directory: string, site: SiteFiles): Promise<void> {
  await mkdir(join(directory, 'wp-content/plugins'), { recursive: true })
  const files = (await readdir(source)).filter((name) => name.endsWith('.php') && name !== 'wp-config.php')
  // Debian's package links to files of other packages: -L brings the files. (Three times as fast as Node's own copy.)
  const parts = [...files, 'wp-admin', 'wp-includes', `wp-content/themes/${theme}`]
  await promisify(execFile)('cp', ['-rL', '--parents', ...parts, directory], { cwd: source })
  await writeFile(join(directory, 'wp-config.php'), configuration(site))
  if (site.plugin !== null) await copyPlugin(site.plugin, join(directory, 'wp-content/plugins/peerpress'))
}

/** Creates the tables, the administrator and the pretty permalinks. */
export async function installSite(directory: string, url: string): Promise<void> {
  await runPhpFile(join(import.meta.dirname, 'install.php'), [directory, url, theme])
}

async function copyPlugin({ directory, files }: PluginRelease, target: string): Promise<void> {
  for (const name of files) await cp(join(directory, name), join(target, name))
}

function configuration({ url, database, noticeFile }: SiteFiles): string {
  const constants = {
    DB_NAME: database.name,
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${database.socket}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
    WP_HOME: url,
    WP_SITEURL: url,
    WP_DEBUG: true,
    WP_DEBUG_DISPLAY: false,
    WP_DEBUG_LOG: noticeFile,
    AUTOMATIC_UPDATER_DISABLED: true,
    // The site talks to this machine only, whatever WordPress wants to look up.
    WP_HTTP_BLOCK_EXTERNAL: true,
    WP_ACCESSIBLE_HOSTS: 'localhost,127.0.0.1',
  }
  const lines = Object.entries(constants).map(([name, value]) => `define('${name}', ${phpLiteral(value)});`)
  return `<?php
${lines.join('\n')}
$table_prefix = 'wp_';
if (! defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
`
}

function phpLiteral(value: string | boolean): string {
  return typeof value === 'boolean' ? String(value) : `'${value.replaceAll(/[\\']/g, '\\$&')}'`
}
