/** What to do about errors of the operating system that the machine or its settings cause. */
const waysOut: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and start again',
  EDQUOT: 'The disk quota is used up: free some space and start again',
  EROFS: 'The file system is read-only: make it writable, or choose another folder with --data',
  EACCES:
    'The user that runs PeerPress may not use it: give it to that user, or choose another folder with --data',
  EPERM:
    'The user that runs PeerPress may not use it: give it to that user, or choose another folder with --data',
  EEXIST: 'Something else is in its place: move that away',
  ENOTDIR: 'A file is where a folder must be: move it away',
  EISDIR: 'A folder is where a file must be: move it away',
  ELOOP: 'Its symbolic links go in a circle: name the folder itself',
  EIO: 'The disk fails: check it, then restore a backup into an empty folder with ./peerpress restore',
  EMFILE: 'Too many files are open: raise the limit of open files (ulimit -n)',
  ENFILE: 'Too many files are open on this machine: raise its limit (fs.file-max)',
}

/** A problem and what to do about it, each without a full stop. */
export interface SystemProblem {
  readonly what: string
  readonly wayOut: string
}

/** Describes an error of the operating system and what to do; null for other errors. */
export function systemProblem(error: unknown): SystemProblem | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  const wayOut = waysOut[String(error.code)]
  return wayOut === undefined ? null : { what: error.message, wayOut }
}

/** Describes an error of the operating system in one line with the file and what to do; null for other errors. */
export function describeSystemError(error: unknown): string | null {
  const problem = systemProblem(error)
  return problem === null ? null : `${problem.what}. ${problem.wayOut}.`
}
