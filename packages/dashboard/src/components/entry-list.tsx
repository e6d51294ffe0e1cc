import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { GraphError } from '../session/graph-error.ts'
import { Failure } from './failure.tsx'

interface EntryPanelProps {
  readonly title: string
  readonly hint?: ComponentChildren
  /** The error of the last load; null if it succeeded. */
  readonly error: GraphError | null
  readonly onRetry: () => void
  /** The entries, each an {@link Entry}. */
  readonly entries: readonly ComponentChildren[]
  /** What else belongs to the list, such as the form that adds an entry. */
  readonly children: ComponentChildren
}

/** A part of the settings that lists who or what may act in the site. */
export function EntryPanel({ title, hint, error, onRetry, entries, children }: EntryPanelProps) {
  const id = useId()
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {error !== null && <Failure error={error} onRetry={onRetry} />}
      {entries.length > 0 && <ul class="entries">{entries}</ul>}
      {children}
    </section>
  )
}

interface EntryProps {
  readonly name: string
  readonly notes: string
  /** Why the last change failed; null if it did not. */
  readonly problem: string | null
  /** Its buttons. */
  readonly children: ComponentChildren
}

/** One line of an {@link EntryPanel}. */
export function Entry({ name, notes, problem, children }: EntryProps) {
  return (
    <li>
      <span class="entry-name">
        <bdi>{name}</bdi>
        <small>{notes}</small>
      </span>
      {children}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </li>
  )
}

interface ChoiceProps<Value extends string | number> {
  readonly label: string
  readonly name: string
  readonly options: readonly { readonly value: Value; readonly label: string }[]
}

/** A labelled choice of one of few values. */
export function Choice<Value extends string | number>({ label, name, options }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
