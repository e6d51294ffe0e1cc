/**
 * A page's own events by name, and whether one has a value: `{ 'sign-up': undefined; basket: number }`. A name is a
 * letter and then up to 39 letters, digits, `_`, `.` and `-`.
 */
export type EventValues = Readonly<Record<string, number | undefined>>

/** What is given with an event. */
export type EventArguments<Value> = [Value] extends [undefined]
  ? []
  : undefined extends Value
    ? [value?: Value]
    : [value: Value]

/** A page that is being measured. Nothing of it throws. */
export interface Measurement<
  Events extends { readonly [Name in keyof Events]: number | undefined } = EventValues,
> {
  /** Counts an event in the view of now, and adds up the values that are given with it: at most 20 names in one view. */
  readonly event: <Name extends keyof Events & string>(
    name: Name,
    ...value: EventArguments<Events[Name]>
  ) => void
  /**
   * The reader agrees that the browser remembers, from the next view on, or does not: what it remembered is removed
   * then. It is not remembered itself: tell it on every page.
   */
  readonly consent: (granted: boolean) => void
  /** Ends measuring: from now on nothing is observed, counted or sent. */
  readonly stop: () => void
}
