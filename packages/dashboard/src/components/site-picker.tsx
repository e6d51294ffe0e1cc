interface SitePickerProps {
  readonly sites: readonly { readonly siteId: string; readonly url: string }[]
  readonly siteId: string
  readonly onPick: (siteId: string) => void
}

/** Chooses the site; with only one there is nothing to choose and its address is shown. */
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

/** A home URL without what goes without saying. */
function siteName(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '')
}
