/** Where a reader is, as keyed hashes: no address can be derived from them without the tracker's key. */
export interface Location {
  /** Its network prefix (IPv4 /24, IPv6 /48), the same in all swarms. */
  readonly networkPrefix: string
  /** Its address, the same in all swarms: a small integer. */
  readonly address: number
}
