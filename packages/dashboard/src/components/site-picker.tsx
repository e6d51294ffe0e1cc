import { messages } from '../messages/messages.ts'

interface SitePickerProps {
  readonly sites: readonly { readonly siteId: string; readonly name: string }[]
  readonly siteId: string
  readonly onPick: (siteId: string) => void
}

/** Selects the site. A single site's name is shown without a choice. */
export function SitePicker({ sites, siteId, onPick }: SitePickerProps) {
  if (sites.length === 1) return <p class="site-name">{sites[0]!.name}</p>
  return (
    <label class="site-picker">
      <span class="visually-hidden">{messages.frame.site}</span>
      <select value={siteId} onChange={(event) => onPick(event.currentTarget.value)}>
        {sites.map((site) => (
          <option key={site.siteId} value={site.siteId}>
            {site.name}
          </option>
        ))}
      </select>
    </label>
  )
}
