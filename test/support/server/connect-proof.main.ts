/**
 * Runs in a network namespace in which an address of the public network is on the loopback device: the address guard lets the
 * server fetch from it, as from any site. Prints what happens as one line of JSON. Its argument is the address.
 */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { graphqlClient, readOperatorToken } from '@peerpress/cli'
import { readConfig, startServer } from '@peerpress/server'

const [address = ''] = process.argv.slice(2)
const password = 'correct horse battery'

/** A site that lists challenges, or redirects the request for them. */
async function startSite() {
  const requests: string[] = []
  const answer: { challenges: string[]; location: string | null } = { challenges: [], location: null }
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (answer.location !== null) response.writeHead(302, { location: answer.location }).end()
    else response.setHeader('content-type', 'text/plain; charset=utf-8').end(answer.challenges.join('\n'))
  })
  server.listen(0, address)
  await once(server, 'listening')
  return { url: `http://${address}:${(server.address() as AddressInfo).port}/`, requests, answer, server }
}

const data = await mkdtemp(join(tmpdir(), 'peerpress-connect-proof-'))
const server = await startServer(
  readConfig({ PEERPRESS_DATA: data, PEERPRESS_PORT: '0', PEERPRESS_ROLES: 'publisher,api' }),
)
const own = new URL(server.url).origin
const operator = graphqlClient(server.url, await readOperatorToken(data))

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${own}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: own, 'content-type': 'application/json', ...headers },
    body,
  })

/** Makes an account that owns another site, and returns the cookie of its session. */
async function personOf(email: string): Promise<string> {
  const { siteAdd } = await operator.query<{ siteAdd: { site: { siteId: string } } }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }',
    {
      input: {
        url: `https://${email.split('@')[0]}.example/`,
        consent: 'REQUIRED',
        allowPrivateAddresses: false,
      },
    },
  )
  const { memberInvite } = await operator.query<{ memberInvite: { link: string } }>(
    'mutation($input: MemberInviteInput!) { memberInvite(input: $input) { link } }',
    { input: { siteId: siteAdd.site.siteId, email, role: 'OWNER' } },
  )
  const token = memberInvite.link.split('#')[1]
  const answer = await post('/account/first', JSON.stringify({ token, email, name: email, password }))
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Asks for a connection and approves it. Returns what the site needs to redeem it, or the status of the refusal. */
async function approve(url: string, cookie: string) {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const form = new URLSearchParams({
    url,
    return: `${url}wp-admin/`,
    state: 'a-random-state',
    challenge,
    consent: 'required',
  })
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const approved = await post('/connect', form.toString(), { ...type, cookie })
  const code =
    approved.status === 303 ? new URL(approved.headers.get('location') ?? '').searchParams.get('code') : null
  return { status: approved.status, challenge, code, verifier }
}

async function redeem({ code, verifier }: { readonly code: string | null; readonly verifier: string }) {
  const answer = await post('/v1/connect', JSON.stringify({ code, verifier }))
  const { site, code: problem } = (await answer.json()) as { site?: string; code?: string }
  return { outcome: problem ?? answer.status, site: site ?? null }
}

const sites = async () => {
  const answer = await operator.query<{ sites: { edges: { node: { url: string } }[] } }>(
    '{ sites { edges { node { url } } } }',
  )
  return answer.sites.edges.map(({ node }) => node.url)
}

try {
  const [ada, bob] = [await personOf('ada@example.org'), await personOf('bob@example.org')]
  const [site, elsewhere] = [await startSite(), await startSite()]
  const without = await redeem(await approve(site.url, ada))
  const bobs = await approve(site.url, bob)
  elsewhere.answer.challenges = [bobs.challenge]
  site.answer.location = `${elsewhere.url}?peerpress=challenge`
  const redirected = await redeem(bobs)
  const isUnregistered = !(await sites()).includes(site.url)
  site.answer.location = null
  // Both approve before either is redeemed. The site lists both: its administrators began two connections.
  const [first, second] = [await approve(site.url, ada), await approve(site.url, bob)]
  site.answer.challenges = [first.challenge, second.challenge]
  const [proven, late] = [await redeem(first), await redeem(second)]
  const again = await redeem(first)
  const { site: found } = await operator.query<{
    site: { membersConnection: { edges: { node: { role: string; account: { email: string } } }[] } }
  }>(
    'query($id: String!) { site(siteId: $id) { membersConnection { edges { node { role account { email } } } } } }',
    { id: proven.site },
  )
  const result = {
    without: without.outcome,
    redirected: redirected.outcome,
    isUnregistered,
    proven: proven.outcome,
    late: late.outcome,
    again: again.outcome,
    foreign: (await approve(site.url, bob)).status,
    own: (await approve(site.url, ada)).status,
    members: found.membersConnection.edges.map(({ node }) => `${node.account.email} ${node.role}`),
    // Each request has a random parameter, so that no cache answers it.
    fetched: [...new Set(site.requests.map((path) => path.replace(/&peerpress-look=\w+$/, '')))],
    elsewhere: elsewhere.requests,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  for (const { server: one } of [site, elsewhere]) one.close()
} finally {
  await server.close()
  await rm(data, { recursive: true, force: true })
}
