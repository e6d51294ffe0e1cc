import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'peerpress-probe-'
/** ms after which no probe uses its profile any more. */
const maxAge = 3_600_000

/** Creates an empty profile. `user`: its owner, if that is not the user of this process. */
export async function createProfile(user: number | undefined): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), prefix))
  if (user !== undefined) await chown(profile, user, user)
  return profile
}

/**
 * Removes a browser's profile. Never rejects. The profile of another user is removed with that user's rights: a link that
 * a hostile page got into it then leads nowhere that matters.
 */
export async function removeProfile(profile: string, user: number | undefined): Promise<void> {
  if (user === undefined) {
    // Processes that were just killed may still be writing.
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {})
    return
  }
  const child = spawn('rm', ['-rf', '--', profile], { uid: user, gid: user, stdio: 'ignore', cwd: '/' })
  await once(child, 'close').catch(() => {})
}

/** Removes the profiles that processes left which were killed. Never rejects. */
export async function removeOldProfiles(user: number | undefined, now = Date.now()): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const profile = join(tmpdir(), name)
    const found = await lstat(profile).catch(() => null)
    const isOurs = found?.isDirectory() === true && found.uid === (user ?? process.getuid?.())
    if (isOurs && now - found.mtimeMs > maxAge) await removeProfile(profile, user)
  }
}
