/** Who may help a site's readers, strictest first: nobody, the site's seeds, or other readers too. */
export const modes = ['off', 'seeds-only', 'full'] as const
export type Mode = (typeof modes)[number]

/**
 * What readers are asked before their browsers join a swarm, strictest first: to agree, to read a notice, or nothing.
 */
export const consentPolicies = ['required', 'notice', 'assumed'] as const
export type ConsentPolicy = (typeof consentPolicies)[number]

/** What the owner of a site decided about peers. */
export interface Policy {
  readonly mode: Mode
  readonly consent: ConsentPolicy
}

/** The strictest policy that still has peers. A seed works under it: a site's seeds stay unless its mode is `off`. */
export const seedPolicy: Policy = { mode: 'seeds-only', consent: 'required' }

/** Whether a policy allows anything that the other one does not. */
export function isLooser(policy: Policy, other: Policy): boolean {
  return (
    modes.indexOf(policy.mode) > modes.indexOf(other.mode) ||
    consentPolicies.indexOf(policy.consent) > consentPolicies.indexOf(other.consent)
  )
}

/**
 * Whether a reader that follows the policy `stated` may have peers on a site whose owner decided for `recorded`: not when
 * it is `off`, and not under anything looser.
 */
export function isAdmitted(stated: Policy, recorded: Policy): boolean {
  return recorded.mode !== 'off' && stated.mode !== 'off' && !isLooser(stated, recorded)
}
