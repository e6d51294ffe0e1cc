/** The roles that a server can run. */
export const roleNames = [
  'publisher',
  'collector',
  'tracker',
  'api',
  'upkeep',
  'watch',
  'community',
  'editorial',
] as const
export type RoleName = (typeof roleNames)[number]

/** The roles that need the measurements. All roles need the records. */
const storeRoles: readonly RoleName[] = ['collector', 'api', 'upkeep', 'watch', 'community', 'editorial']

/** Whether a server of these roles opens the store. */
export function needsStore(roles: readonly RoleName[]): boolean {
  return roles.some((role) => storeRoles.includes(role))
}

/** Parses a comma-separated list of roles: all roles if it is empty, undefined if it names an unknown one. */
export function parseRoles(text: string): readonly RoleName[] | undefined {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (!names.every(isRoleName)) return undefined
  return names.length === 0 ? roleNames : roleNames.filter((role) => names.includes(role))
}

function isRoleName(name: string): name is RoleName {
  return (roleNames as readonly string[]).includes(name)
}
