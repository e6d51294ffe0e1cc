import { CliError } from '../cli-error.ts'

/** Options of `account`. */
export interface AccountValues {
  readonly server: string
  readonly data?: string | undefined
  readonly json: boolean
  readonly yes: boolean
  readonly site?: readonly string[] | undefined
  readonly role?: string | undefined
  readonly scope?: readonly string[] | undefined
  readonly days?: string | undefined
}

/** Returns the one site that is named. */
export function siteIn({ site }: AccountValues): string {
  const [named] = site ?? []
  if (named === undefined || site?.length !== 1) throw new CliError('usage', 'name one site: --site SITE')
  return named
}
