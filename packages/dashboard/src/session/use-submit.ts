import { type Change, useChange } from './use-change.ts'

/** A form that sends something: what is wrong with it, and whether it is under way. */
export interface Submission extends Omit<Change, 'make'> {
  readonly submit: (event: SubmitEvent) => void
}

/** Returns the text of a form's field by its name; empty if there is none. */
export type Field = (name: string) => string

/** The rest of a form. */
export interface SentForm {
  /** Returns the chosen values of the checkboxes with a name. */
  readonly all: (name: string) => readonly string[]
  /** Empties the form. */
  readonly reset: () => void
}

/** @param send its error is shown, and a second submission waits for it */
export function useSubmit(send: (field: Field, form: SentForm) => Promise<void>): Submission {
  const { make, ...state } = useChange()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const data = new FormData(form)
    const all = (name: string) => data.getAll(name).filter((value) => typeof value === 'string')
    make(() => send((name) => all(name)[0] ?? '', { all, reset: () => form.reset() }))
  }
  return { submit, ...state }
}
