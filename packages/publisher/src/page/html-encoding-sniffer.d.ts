declare module 'html-encoding-sniffer' {
  /** Returns the name of the encoding that a browser uses to decode a page. */
  export default function sniffEncoding(
    bytes: Uint8Array,
    options?: { readonly xml?: boolean; readonly transportLayerEncodingLabel?: string },
  ): string
}
