/** The site of a demo, connected and with its post published. */
export interface DemoSite {
  readonly siteId: string
  readonly postUrl: string
  close(): Promise<void>
}

/** The server a demo's site connects to, and the operator's token there. */
export interface DemoServer {
  readonly server: string
  readonly token: string
}
