/** Peers that may help a site's readers, strictest first: none, the site's seeds, or other readers too. */
export const modes = ['off', 'seeds-only', 'full'] as const
export type Mode = (typeof modes)[number]

/** Conditions for a reader's browser to join a swarm, strictest first: an agreement, a visible notice, or none. */
export const consentPolicies = ['required', 'notice', 'assumed'] as const
export type ConsentPolicy = (typeof consentPolicies)[number]

/** The site owner's decision about peers. */
export interface Policy {
  readonly mode: Mode
  readonly consent: ConsentPolicy
}

/** The strictest policy that allows peers. Seeds join under it, so a site's seeds stay unless its mode is `off`. */
export const seedPolicy: Policy = { mode: 'seeds-only', consent: 'required' }

/** Returns whether `policy` allows anything that `other` does not allow. */
export function isLooser(policy: Policy, other: Policy): boolean {
  return (
    modes.indexOf(policy.mode) > modes.indexOf(other.mode) ||
    consentPolicies.indexOf(policy.consent) > consentPolicies.indexOf(other.consent)
  )
}

/**
 * Returns whether a reader under the policy `stated` may have peers on a site with the policy `recorded`. Neither mode
 * may be `off`, and `stated` must not be looser than `recorded`.
 */
export function isAdmitted(stated: Policy, recorded: Policy): boolean {
  return recorded.mode !== 'off' && stated.mode !== 'off' && !isLooser(stated, recorded)
}
