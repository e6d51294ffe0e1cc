import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CliError } from '../cli-error.ts'
import { repositoryDirectory } from '../repository.ts'

/**
 * Lists files that differ from `base` (its merge base with HEAD), new and deleted ones included, relative to the
 * repository. Without a base: files that differ from the last commit.
 * @throws {CliError} `usage` when git knows no such base.
 */
export async function changedFiles(base?: string): Promise<string[]> {
  const from = base === undefined ? 'HEAD' : (await git('merge-base', base, 'HEAD'))[0]
  const [changed, added] = await Promise.all([
    git('diff', '--name-only', '--no-renames', from ?? 'HEAD', '--'),
    git('ls-files', '--others', '--exclude-standard'),
  ])
  return [...new Set([...changed, ...added])].toSorted()
}

/** Lists all tracked and new files that exist, relative to the repository. */
export async function repositoryFiles(): Promise<ReadonlySet<string>> {
  const [listed, deleted] = await Promise.all([
    git('ls-files', '--cached', '--others', '--exclude-standard'),
    git('ls-files', '--deleted'),
  ])
  const missing = new Set(deleted)
  return new Set(listed.filter((file) => !missing.has(file)))
}

async function git(...args: readonly string[]): Promise<string[]> {
  const options = { cwd: fileURLToPath(repositoryDirectory), maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)('git', args, options).catch((cause: unknown) => {
    const why = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new CliError('usage', `git cannot list what changed: ${why}`, { cause })
  })
  return stdout.split('\n').filter(Boolean)
}
