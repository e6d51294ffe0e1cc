import { cp, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runPhp, type WordPress } from '@peerpress/testbed'
import { addressFile } from './move-site.ts'

/** A WordPress that was made of another one's files and database, at another address. */
export interface CopiedSite {
  readonly url: string
  /** Runs PHP inside the copy, as `WordPress.php` does. */
  readonly php: WordPress['php']
}

/**
 * Copies a movable WordPress as a host's "make a staging site" does: files, all tables, and the new address in place of the old one
 * everywhere in the options. It goes with the original.
 */
export async function copySite(wordpress: WordPress, url: string): Promise<CopiedSite> {
  const directory = join(dirname(wordpress.directory), `copy-${new URL(url).port}`)
  await cp(wordpress.directory, directory, { recursive: true })
  const name = await wordpress.php('echo DB_NAME;')
  const copy = `${name}_${new URL(url).port}`
  await wordpress.php(copyTables, copy)
  const configuration = join(directory, 'wp-config.php')
  const text = await readFile(configuration, 'utf8')
  await writeFile(configuration, text.replace(`'DB_NAME', '${name}'`, `'DB_NAME', '${copy}'`))
  await writeFile(join(directory, addressFile), url)
  const php: WordPress['php'] = (script, input) => runPhp(directory, script, input)
  await php(replaceAddress, [wordpress.url, url])
  return { url, php }
}

const copyTables = `
global $wpdb;
$wpdb->query("CREATE DATABASE $input");
foreach ($wpdb->get_col('SHOW TABLES') as $table) {
    $wpdb->query("CREATE TABLE $input.$table LIKE $table");
    $wpdb->query("INSERT INTO $input.$table SELECT * FROM $table");
}
`

const replaceAddress = `
global $wpdb;
[$from, $to] = $input;
$replace = function ($value) use (&$replace, $from, $to) {
    return is_array($value) ? array_map($replace, $value) : (is_string($value) ? str_replace($from, $to, $value) : $value);
};
foreach ($wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_value LIKE '%127.0.0.1%'") as $name) {
    update_option($name, $replace(get_option($name)));
}
`
