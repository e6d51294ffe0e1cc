import { useId, useRef, useState } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import { type FilterKey, filterKeys, parseFilter } from '../../report/report-filter.ts'
import { useSubmit } from '../../session/use-submit.ts'

interface FilterFormProps {
  readonly onAdd: (key: FilterKey, value: string) => void
}

/** A button that opens a form for a filter. */
export function FilterForm({ onAdd }: FilterFormProps) {
  const id = useId()
  const popover = useRef<HTMLDivElement>(null)
  const [key, setKey] = useState<FilterKey>('country')
  const { filters } = messages
  const { submit, problem } = useSubmit(async (field, form) => {
    const value = key === 'country' ? field('value').trim().toUpperCase() : field('value').trim()
    const parsed = parseFilter(new URLSearchParams({ [key]: value }))[key]
    if (parsed === undefined) throw new RangeError(filters.impossible)
    form.reset()
    popover.current?.hidePopover()
    onAdd(key, parsed)
  })
  return (
    <>
      <button type="button" class="add-filter" popovertarget={id}>
        <span aria-hidden="true">+ </span>
        {filters.add}
      </button>
      <div id={id} ref={popover} popover="auto" class="popover panel">
        <form class="fields" onSubmit={submit} aria-label={filters.add}>
          <div class="field">
            <label for={`${id}-key`}>{filters.property}</label>
            <select
              id={`${id}-key`}
              value={key}
              onChange={({ currentTarget: { value } }) => setKey(value as FilterKey)}
            >
              {filterKeys.map((name) => (
                <option key={name} value={name}>
                  {filters.names[name]}
                </option>
              ))}
            </select>
          </div>
          <FilterValue id={`${id}-value`} of={key} />
          {problem !== null && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          <button type="submit">{filters.apply}</button>
        </form>
      </div>
    </>
  )
}

function FilterValue({ id, of }: { readonly id: string; readonly of: FilterKey }) {
  const { value: label, devices, arms, hints } = messages.filters
  const names = of === 'device' ? devices : of === 'arm' ? arms : null
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {names !== null ? (
        <select id={id} name="value" key={of}>
          {Object.entries(names).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <>
          <p class="hint" id={`${id}-hint`}>
            {hints[of as keyof typeof hints]}
          </p>
          <input id={id} key={of} name="value" type="text" required aria-describedby={`${id}-hint`} />
        </>
      )}
    </div>
  )
}
