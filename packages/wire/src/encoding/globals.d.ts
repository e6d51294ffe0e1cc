// Pure functions that every runtime provides and that the `esnext` library does not declare. Do not add functions with
// a clock, a random source or I/O.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean })
  decode(bytes: Uint8Array): string
}
declare function atob(text: string): string
declare function btoa(binary: string): string
declare class URL {
  constructor(url: string)
  static canParse(url: string): boolean
  readonly href: string
  readonly protocol: string
  readonly hash: string
  readonly search: string
  readonly username: string
  readonly password: string
}
