import { lookup } from 'node:dns/promises'
import { appendFile } from 'node:fs/promises'

/**
 * Makes a name below `localhost` lead to this machine. Browsers resolve such names themselves and treat their origins as
 * secure. Other programs need an entry in the hosts file where the system's resolver does not know them.
 */
export async function openLocalName(name: `${string}.localhost`): Promise<void> {
  if (await leadsHere(name)) return
  await appendFile('/etc/hosts', `127.0.0.1 ${name}\n`).catch((cause: unknown) => {
    throw new Error(`add the line "127.0.0.1 ${name}" to /etc/hosts, as root`, { cause })
  })
  if (!(await leadsHere(name))) throw new Error(`${name} is in /etc/hosts, but does not lead to 127.0.0.1`)
}

async function leadsHere(name: string): Promise<boolean> {
  const found = await lookup(name, { family: 4 }).catch(() => null)
  return found?.address === '127.0.0.1'
}
