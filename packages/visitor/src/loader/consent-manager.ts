/** What the WP Consent API puts into a page (github.com/WordPress/wp-consent-level-api, `assets/js/wp-consent-api.js`). */
interface ConsentPage {
  readonly wp_has_consent?: (category: string) => boolean
  /** `optin`, `optout` and variants; empty or undefined where no consent manager says how it asks. */
  readonly wp_consent_type?: string
  readonly wp_fallback_consent_type?: string
}

/**
 * What the site's consent manager answers for a category: `true` the reader agreed, `false` not or not yet, null when
 * there is no manager, or it asks nobody first (`optout`) and the reader did not refuse: then the site's policy decides.
 */
export function askManager(category: string | undefined): boolean | null {
  const page = window as ConsentPage
  const type = page.wp_consent_type ?? page.wp_fallback_consent_type
  if (!category || !type || !page.wp_has_consent) return null
  try {
    if (!page.wp_has_consent(category)) return false
  } catch {
    // The page's own function fails: nobody has agreed.
    return false
  }
  return type.includes('optout') ? null : true
}

/** Hears the reader's answers to the manager, and `null` when the manager has made up its mind how to ask. */
export function onManager(category: string | undefined, hear: (given: boolean | null) => void): void {
  if (!category) return
  document.addEventListener('wp_consent_type_defined', () => hear(null))
  document.addEventListener('wp_listen_for_consent_change', (event) => {
    const answer = (event as CustomEvent<Readonly<Record<string, string>> | null>).detail?.[category]
    if (answer) hear(answer === 'allow')
  })
}
