import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WordPress } from '@peerpress/testbed'

/** The file that holds the address of a movable WordPress. */
export const addressFile = 'address.txt'

/**
 * Gives the address of a WordPress that has answered no request yet a file of its own: PHP looks only now and then whether
 * a file of code, such as the configuration, has changed.
 */
export async function makeMovable(wordpress: WordPress): Promise<void> {
  await changeAddress(wordpress, wordpress.url)
  const file = join(wordpress.directory, 'wp-config.php')
  const text = await readFile(file, 'utf8')
  // WordPress names its cookies for its address: those of the first one go on.
  const cookies = `define('COOKIEHASH', md5('${wordpress.url}'));`
  const address = `file_get_contents(__DIR__ . '/${addressFile}')`
  await writeFile(file, text.replaceAll(`'${wordpress.url}'`, address).replace('<?php', `<?php ${cookies}`))
}

/** Changes the address of a movable WordPress; sessions stay valid. */
export async function changeAddress(wordpress: WordPress, url: string): Promise<void> {
  await writeFile(join(wordpress.directory, addressFile), url)
}

/**
 * Answers the plugin's question with "The site moved", as an administrator does in wp-admin at `url`, and approves as the
 * server's operator. Returns the page on which the operator approves, and where the administrator ends.
 */
export async function approveMove(
  wordpress: Pick<WordPress, 'signIn'>,
  { url, server, token }: { readonly url: string; readonly server: string; readonly token: string },
): Promise<{ readonly page: string; readonly end: string }> {
  const headers = { cookie: (await wordpress.signIn()).cookie }
  const admin = await (await fetch(`${url}/wp-admin/`, { headers })).text()
  const form = admin.split('<form').find((part) => part.includes('value="peerpress_moved"'))
  const nonce = /name="_wpnonce" value="([^"]+)"/.exec(form ?? '')?.[1]
  assert.ok(nonce, 'wp-admin asks nothing')
  const approval = await redirect(`${url}/wp-admin/admin-post.php`, {
    headers,
    body: new URLSearchParams({ action: 'peerpress_moved', _wpnonce: nonce }),
  })
  const page = await (await fetch(approval)).text()
  const fields = Object.fromEntries(approval.searchParams)
  const back = await redirect(`${server}/connect`, {
    body: new URLSearchParams({ ...fields, private: 'yes', token }),
  })
  const end = await redirect(back.href, { headers, method: 'GET' })
  return { page, end: end.href }
}

async function redirect(url: string, request: RequestInit): Promise<URL> {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual', ...request })
  const location = answer.headers.get('location')
  assert.ok(location, `${url} answered ${answer.status}: ${await answer.text()}`)
  return new URL(location, url)
}
