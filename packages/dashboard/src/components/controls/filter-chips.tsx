import { messages } from '../../messages/messages.ts'
import { countryName } from '../../report/page-format.ts'
import { type Filter, type FilterKey, filterKeys, withFilter } from '../../report/report-filter.ts'

interface FilterChipsProps {
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
}

/** The filters of a report, each with a button that removes it. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const { filters } = messages
  const chips = filterKeys.flatMap((key) => {
    const value = filter[key]
    return value === undefined
      ? []
      : [{ key, name: filters.chip(filters.names[key], filterValue(key, value)) }]
  })
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label={filters.label}>
      {chips.map(({ key, name }) => (
        <li key={key}>
          <button
            type="button"
            aria-label={filters.remove(name)}
            onClick={() => onChange(withFilter(filter, key, null))}
          >
            {name}
            <span aria-hidden="true" class="chip-cross">
              ×
            </span>
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" class="quiet" onClick={() => onChange({})}>
            {filters.clear}
          </button>
        </li>
      )}
    </ul>
  )
}

/** Returns the name of a filter's value for people. */
function filterValue(key: FilterKey, value: string): string {
  const { devices, arms } = messages.filters
  if (key === 'country') return countryName(value)
  if (key === 'device') return devices[value as keyof typeof devices] ?? value
  if (key === 'arm') return arms[value as keyof typeof arms] ?? value
  return value
}
