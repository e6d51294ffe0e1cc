/** Why npm failed, for people. */
export interface NpmProblem {
  /** npm's or the system's code; empty if there is none. */
  readonly code: string
  readonly message: string
}

const unreachable: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ERR_SOCKET_TIMEOUT',
  'ETIMEDOUT',
  'FETCH_ERROR',
])

/** Characters of what npm printed, if it is not known. */
const maxShown = 300

/**
 * Says what an installation failed of, and what to do next.
 * @param output the end of what npm printed to its error output
 * @param failure why npm could not be started; null if it was
 */
export function npmProblem(output: string, failure: Error | null): NpmProblem {
  const [, printed] = /npm (?:error|ERR!) code (\w{1,40})/.exec(output) ?? []
  const code = printed ?? (failure !== null && 'code' in failure ? String(failure.code) : '')
  return { code, message: messageOf(code, { output, isStarted: failure === null }) }
}

function messageOf(
  code: string,
  { output, isStarted }: { readonly output: string; readonly isStarted: boolean },
): string {
  if (!isStarted) {
    return code === 'ENOENT'
      ? 'there is no npm on this server. Install it with Node.js, and try again.'
      : `npm cannot be started (${code}).`
  }
  if (unreachable.has(code)) {
    return `the npm registry cannot be reached (${code}). Check the connection of this server, or its proxy, and install it again.`
  }
  if (code === 'ENOSPC') return 'the disk is full. Free space, and install it again.'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `its folder cannot be written (${code}). Give the user of the server the folder “models” of the data folder.`
  }
  if (code === 'E404' || code === 'ETARGET' || code === 'EBADPLATFORM') {
    return `the registry has no build for this machine (${code}, ${process.platform} ${process.arch}).`
  }
  if (code === 'EINTEGRITY') {
    return 'a package is not the one that its registry promises. Check the registry of this server.'
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.includes('complete log'))
  const shown = lines.slice(-2).join(' ').trim().slice(0, maxShown)
  return shown === '' ? 'npm failed and gave no reason.' : `npm failed: ${shown}`
}
