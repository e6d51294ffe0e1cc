import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly type: 'text' | 'email' | 'password'
  readonly autoComplete: string
  /** Takes the focus when it appears. */
  readonly takesFocus?: boolean
  readonly required?: boolean
  readonly minLength?: number
  readonly maxLength?: number
  readonly value?: string
  readonly hint?: ComponentChildren
  /** Why the server refused the form; null: it did not. */
  readonly problem?: string | null
}

/** A labelled input, with what it needs and what is wrong with it. */
export function Field({
  label,
  hint,
  problem = null,
  required = true,
  value,
  type,
  takesFocus = false,
  ...input
}: FieldProps) {
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) box.current?.focus()
  }, [])
  const described = [hint !== undefined && `${id}-hint`, problem !== null && `${id}-problem`]
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <input
        {...input}
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- Preact has a type of its own for each input
        type={type as 'text'}
        id={id}
        ref={box}
        required={required}
        defaultValue={value ?? ''}
        spellcheck={false}
        aria-describedby={described.filter(Boolean).join(' ') || undefined}
        aria-invalid={problem !== null}
      />
      {problem !== null && (
        <p id={`${id}-problem`} class="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
