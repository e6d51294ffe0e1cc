/** A subcommand of `peerpress`. */
export interface Command {
  /** The text that `--help` prints. */
  readonly usage: string
  /** Runs the command and resolves to its exit code. */
  run(args: readonly string[]): Promise<number>
}
