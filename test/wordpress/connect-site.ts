import assert from 'node:assert/strict'
import type { WordPress } from '@peerpress/testbed'

type SignedIn = Awaited<ReturnType<WordPress['signIn']>>

const settingsPath = '/wp-admin/options-general.php?page=peerpress'

export interface ConnectChoices {
  /** Address of the server, as the owner types it. */
  readonly server: string
  readonly consent: 'assumed' | 'notice' | 'required'
}

/** Goes through the settings page as the owner's browser does, approves at once, and gives the page that follows. */
export async function connectSite(
  wordpress: Pick<WordPress, 'url' | 'signIn'>,
  choices: ConnectChoices,
): Promise<string> {
  const admin = await wordpress.signIn()
  const toServer = await submitForm(wordpress.url, admin, { action: 'peerpress_connect', ...choices })
  const back = await fetch(toServer, { redirect: 'manual' })
  const returned = await fetch(back.headers.get('location')!, { headers: { cookie: admin.cookie } })
  return returned.text()
}

/** Sends one of the settings page's forms with its nonce; gives the address that the answer redirects to. */
export async function submitForm(
  url: string,
  admin: SignedIn,
  fields: Readonly<Record<string, string>> & { readonly action: string },
): Promise<string> {
  const page = await openSettings(url, admin)
  const form = page.split('<form').find((part) => part.includes(`value="${fields.action}"`))
  const nonce = /name="_wpnonce" value="([^"]+)"/.exec(form ?? '')?.[1]
  assert.ok(nonce, `the settings page has no form ${fields.action}`)
  const answer = await fetch(`${url}/wp-admin/admin-post.php`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: admin.cookie },
    body: new URLSearchParams({ ...fields, _wpnonce: nonce }),
  })
  assert.equal(answer.status, 302, await answer.text())
  return answer.headers.get('location')!
}

export async function openSettings(url: string, admin: SignedIn, query = ''): Promise<string> {
  const answer = await fetch(url + settingsPath + query, { headers: { cookie: admin.cookie } })
  return answer.text()
}
