/** Shows progress to the person who started a command. */
export interface Progress {
  /** A step begins. */
  step(text: string): void
  /** A step is done. */
  done(text: string): void
}
