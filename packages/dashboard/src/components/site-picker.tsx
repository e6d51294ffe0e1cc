interface SitePickerProps {
  readonly sites: readonly { readonly siteId: string; readonly url: string }[]
  readonly siteId: string
  readonly onPick: (siteId: string) => void
}

/** Selects the site. A single site's address is shown without a choice. */
export function SitePicker({ sites, siteId, onPick }: SitePickerProps) {
  if (sites.length === 1) return <p class="site-name">{siteName(sites[0]!.url)}</p>
  return (
    <label class="site-picker">
      <span class="visually-hidden">Site</span>
      <select value={siteId} onChange={(event) => onPick(event.currentTarget.value)}>
        {sites.map((site) => (
          <option key={site.siteId} value={site.siteId}>
            {siteName(site.url)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Returns a home URL without its scheme and trailing slash. */
function siteName(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '')
}
