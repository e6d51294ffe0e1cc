/** One word of the `peerpress` command. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string
  /** Does it; resolves to the exit code. */
  run(args: readonly string[]): Promise<number>
}
