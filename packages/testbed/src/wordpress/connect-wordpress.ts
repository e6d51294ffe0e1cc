import { TestbedError } from '../testbed-error.ts'

/** A WordPress that an administrator can sign in to. */
interface SignInToWordpress {
  /** Address of the site, no trailing slash. */
  readonly url: string
  readonly signIn: () => Promise<{ readonly cookie: string }>
}

/** Credentials for the approval: the operator's token, or an administrator's address and password. */
type Approver = { readonly token: string } | { readonly email: string; readonly password: string }

/**
 * Connects a WordPress on this machine to a server the way a person does: presses "Connect" on the plugin's settings
 * page, approves on the server, and goes back.
 * @throws {TestbedError} `not-connected`, naming the step that failed.
 */
export async function connectWordpress(
  wordpress: SignInToWordpress,
  { server, ...approver }: { readonly server: string } & Approver,
): Promise<void> {
  const { cookie } = await wordpress.signIn()
  const headers = { cookie }
  const settings = await fetch(`${wordpress.url}/wp-admin/options-general.php?page=peerpress`, { headers })
  const [, nonce] = /name="_wpnonce" value="([^"]+)"/.exec(await settings.text()) ?? []
  if (nonce === undefined)
    throw new TestbedError('not-connected', 'the settings page of the plugin has no form')

  const approval = await redirectOf(`${wordpress.url}/wp-admin/admin-post.php`, {
    headers,
    fields: { action: 'peerpress_connect', _wpnonce: nonce, server, consent: 'assumed' },
  })
  const back = await redirectOf(`${server}/connect`, {
    headers: { origin: server },
    fields: { ...Object.fromEntries(approval.searchParams), private: 'yes', ...approver },
  })
  const end = await redirectOf(back.href, { headers })
  if (end.searchParams.get('peerpress-notice') !== 'connected') {
    throw new TestbedError('not-connected', `the plugin did not connect: ${end.search}`)
  }
}

/** Where an address sends the browser, after a GET or, with fields, a form. */
async function redirectOf(
  url: string,
  {
    headers,
    fields,
  }: { readonly headers: Readonly<Record<string, string>>; readonly fields?: Record<string, string> },
): Promise<URL> {
  const response = await fetch(url, {
    headers,
    redirect: 'manual',
    ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
  })
  const location = response.headers.get('location')
  if (location === null) {
    throw new TestbedError(
      'not-connected',
      `${new URL(url).pathname} answered ${response.status} without a redirect`,
    )
  }
  return new URL(location, url)
}
