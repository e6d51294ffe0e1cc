/** One of few values, with what it means. */
export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly meaning: string
}

interface ChoicesProps<Value extends string> {
  readonly legend: string
  readonly name: string
  readonly choices: readonly Choice<Value>[]
  /** null: none is chosen yet, and one must be. */
  readonly chosen: Value | null
}

/** Radio buttons with explanations. */
export function Choices<Value extends string>({ legend, name, choices, chosen }: ChoicesProps<Value>) {
  return (
    <fieldset class="choices" key={chosen}>
      <legend>{legend}</legend>
      {choices.map(({ value, label, meaning }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            required={chosen === null}
            defaultChecked={value === chosen}
          />
          <span>
            {label}
            <small>{meaning}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
