import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { operatorClient, serverOptions, serverOptionsUsage } from '../client/server-options.ts'
import type { GraphqlClient } from '../client/graphql-client.ts'
import type { Command } from '../command.ts'
import { confirm } from '../output/confirm.ts'
import { say } from '../output/say.ts'
import { type AccountRow, allAccounts, membersOf } from './account-rows.ts'
import { type AccountValues, siteIn } from './account-values.ts'
import { createToken, listTokens, revokeToken, rotateOperatorToken } from './account-token.ts'

/** As the graph's `SiteRole` has them, but for the case. */
const roles = ['owner', 'editor', 'viewer']

export const account: Command = {
  usage: `
Usage: ./peerpress account add EMAIL [--site SITE --role owner|editor|viewer] [options]
       ./peerpress account list [--site SITE] [options]
       ./peerpress account role EMAIL owner|editor|viewer|none --site SITE [options]
       ./peerpress account password EMAIL [options]
       ./peerpress account reset-sign-in EMAIL [--yes] [options]
       ./peerpress account close EMAIL [--yes] [options]
       ./peerpress account token add NAME --site SITE --scope SCOPE [--days N] [options]
       ./peerpress account token list --site SITE [options]
       ./peerpress account token revoke TOKEN [options]
       ./peerpress account operator-token rotate [options]

Manages who may sign in to a running server, with the operator token in its data folder.

"add" prints a link of one use, which holds for a week. Who opens it chooses a name and a password: for an administrator's
account, or with --site for a role in one site. "password" prints a link with which a person chooses a new password.
"reset-sign-in" removes the passkeys and the links to the identity provider of a person who lost a device, and ends the
sessions; then "password" makes a way back in. "role" changes what a member may do in a site; none ends the membership. "close" ends an account with its sessions, tokens and
roles, and erases its name and e-mail.

"token add" makes a token for a program and prints it once. "operator-token rotate" draws the operator token anew.

  --site SITE    the site; "token add" takes several
  --role ROLE    viewer: read reports; editor: also publish posts and export views; owner: also settings, members, tokens
  --scope SCOPE  report-read, measurement-export, post-publish, site-configure or seed; may be repeated (report-read)
  --days N       days for which the token holds, 1 to 366 (90); tokens of seeds hold until they are revoked
  --yes          close without asking
${serverOptionsUsage}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...serverOptions,
        site: { type: 'string', multiple: true },
        role: { type: 'string' },
        scope: { type: 'string', multiple: true },
        days: { type: 'string' },
        yes: { type: 'boolean', default: false },
      },
    })
    const [verb, first, second] = positionals
    const count = positionals.length
    if (verb === 'list' && count === 1) return list(values)
    if (verb === 'add' && first !== undefined && count === 2) return add(first, values)
    if (verb === 'password' && first !== undefined && count === 2) return resetPassword(first, values)
    if (verb === 'reset-sign-in' && first !== undefined && count === 2) return resetSignIn(first, values)
    if (verb === 'close' && first !== undefined && count === 2) return close(first, values)
    if (verb === 'role' && first !== undefined && second !== undefined && count === 3) {
      return setRole(first, second, values)
    }
    if (verb === 'token' && first === 'list' && count === 2) return listTokens(values)
    if (verb === 'token' && first === 'add' && second !== undefined && count === 3) {
      return createToken(second, values)
    }
    if (verb === 'token' && first === 'revoke' && second !== undefined && count === 3) {
      return revokeToken(second, values)
    }
    if (verb === 'operator-token' && first === 'rotate' && count === 2) return rotateOperatorToken(values)
    throw new CliError('usage', 'say what to do with which account')
  },
}

async function add(email: string, values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  if (values.site === undefined) {
    if (values.role !== undefined) throw new CliError('usage', 'a role is of a site: name it with --site')
    return printLink(client, { mutation: 'administratorInvite', input: { email } }, values)
  }
  const input = { siteId: siteIn(values), email, role: roleNamed(values.role) }
  return printLink(client, { mutation: 'memberInvite', input }, values)
}

async function resetPassword(email: string, values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  return printLink(client, { mutation: 'passwordReset', input: { email } }, values)
}

async function printLink(
  client: GraphqlClient,
  { mutation, input }: { readonly mutation: string; readonly input: object },
  values: AccountValues,
): Promise<number> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  const answer = await client.query<Record<string, { link: string }>>(
    `mutation($input: ${type}!) { ${mutation}(input: $input) { link } }`,
    { input },
  )
  const link = new URL(answer[mutation]?.link ?? '', values.server).href
  process.stdout.write(values.json ? `${JSON.stringify({ link })}\n` : `${link}\n`)
  say.step(
    'the link works once: send it to the person. Put your public address in place of this one if there is one',
  )
  return 0
}

async function list(values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  const rows = values.site === undefined ? await allAccounts(client) : await membersOf(client, siteIn(values))
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else
    for (const row of rows)
      process.stdout.write(`${row.accountId}  ${row.role.padEnd(13)}  ${row.email}  ${row.name}\n`)
  return 0
}

async function close(email: string, values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  const { accountId, name } = accountNamed(await allAccounts(client), email)
  if (!values.yes) await confirm(`Close the account of ${name} (${email}) for good?`)
  await client.query('mutation($input: AccountCloseInput!) { accountClose(input: $input) { closed } }', {
    input: { accountId },
  })
  if (values.json) process.stdout.write(`${JSON.stringify({ accountId })}\n`)
  say.done(`closed the account of ${email}`)
  return 0
}

async function resetSignIn(email: string, values: AccountValues): Promise<number> {
  const client = await operatorClient(values)
  const { accountId, name } = accountNamed(await allAccounts(client), email)
  if (!values.yes) {
    await confirm(`Remove all passkeys and provider links of ${name} (${email}), and end the sessions?`)
  }
  const { accountSignInReset } = await client.query<{
    accountSignInReset: { userErrors: readonly { message: string }[] }
  }>(
    'mutation($input: AccountSignInResetInput!) { accountSignInReset(input: $input) { userErrors { message } } }',
    { input: { accountId } },
  )
  const [error] = accountSignInReset.userErrors
  if (error !== undefined) throw new CliError('server-refused', error.message)
  if (values.json) process.stdout.write(`${JSON.stringify({ accountId })}\n`)
  say.done(
    `${email} signs in with the password alone now; for a new one: ./peerpress account password ${email}`,
  )
  return 0
}

async function setRole(email: string, role: string, values: AccountValues): Promise<number> {
  const siteId = siteIn(values)
  const client = await operatorClient(values)
  const { accountId } = accountNamed(await membersOf(client, siteId), email)
  if (role === 'none') {
    await client.query('mutation($input: MemberRemoveInput!) { memberRemove(input: $input) { wasMember } }', {
      input: { siteId, accountId },
    })
  } else {
    await client.query(
      'mutation($input: MemberRoleSetInput!) { memberRoleSet(input: $input) { member { role } } }',
      {
        input: { siteId, accountId, role: roleNamed(role) },
      },
    )
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ siteId, accountId, role })}\n`)
  say.done(
    role === 'none' ? `${email} is no member of ${siteId} any more` : `${email} is ${role} of ${siteId} now`,
  )
  return 0
}

function accountNamed(rows: readonly AccountRow[], email: string): AccountRow {
  const row = rows.find((one) => one.email === email.trim().toLowerCase())
  if (row === undefined) throw new CliError('server-refused', `there is no account of ${email} here`)
  return row
}

function roleNamed(role: string | undefined): string {
  if (role === undefined || !roles.includes(role)) {
    throw new CliError('usage', `choose a role: ${roles.join(', ')}`)
  }
  return role.toUpperCase()
}
