declare module 'html-encoding-sniffer' {
  /** The name of the encoding that a browser decodes a page with. */
  export default function sniffEncoding(
    bytes: Uint8Array,
    options?: { readonly xml?: boolean; readonly transportLayerEncodingLabel?: string },
  ): string
}
