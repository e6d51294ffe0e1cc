/** Globals that the WP Consent API adds to a page (github.com/WordPress/wp-consent-level-api, `assets/js/wp-consent-api.js`). */
interface ConsentPage {
  readonly wp_has_consent?: (category: string) => boolean
  /** `optin`, `optout` and variants; empty or undefined if no consent manager has set it. */
  readonly wp_consent_type?: string
  readonly wp_fallback_consent_type?: string
}

/**
 * Returns the answer of the site's consent manager for a category: `true` if the reader agreed, `false` if not or not yet. Null
 * means that the site's policy decides: there is no manager, or it needs no agreement (`optout`) and the reader did not refuse.
 */
export function askManager(category: string | undefined): boolean | null {
  const page = window as ConsentPage
  const type = page.wp_consent_type ?? page.wp_fallback_consent_type
  if (!category || !type || !page.wp_has_consent) return null
  try {
    if (!page.wp_has_consent(category)) return false
  } catch {
    // The page's own function fails, so nothing was agreed to.
    return false
  }
  return type.includes('optout') ? null : true
}

/** Calls back with the reader's answers to the manager, and with `null` when the manager sets its consent type. */
export function onManager(category: string | undefined, hear: (given: boolean | null) => void): void {
  if (!category) return
  document.addEventListener('wp_consent_type_defined', () => hear(null))
  document.addEventListener('wp_listen_for_consent_change', (event) => {
    const answer = (event as CustomEvent<Readonly<Record<string, string>> | null>).detail?.[category]
    if (answer) hear(answer === 'allow')
  })
}
