/**
 * A page's custom events by name, each with the type of its value: `{ 'sign-up': undefined; basket: number }`. A name
 * is a letter followed by up to 39 letters, digits, `_`, `.` and `-`.
 */
export type EventValues = Readonly<Record<string, number | undefined>>

/** The arguments that follow an event's name. */
export type EventArguments<Value> = [Value] extends [undefined]
  ? []
  : undefined extends Value
    ? [value?: Value]
    : [value: Value]

/** The measurement of a page. Its methods never throw. */
export interface Measurement<
  Events extends { readonly [Name in keyof Events]: number | undefined } = EventValues,
> {
  /** Counts an event in the current view and sums the values passed with it. A view has at most 20 names. */
  readonly event: <Name extends keyof Events & string>(
    name: Name,
    ...value: EventArguments<Events[Name]>
  ) => void
  /**
   * Sets whether the reader consents to storage in the browser, from the next view on. Without consent, stored data is
   * removed. The choice itself is not stored: set it on every page.
   */
  readonly consent: (granted: boolean) => void
  /** Ends the measurement. Nothing is observed, counted or sent afterwards. */
  readonly stop: () => void
}
