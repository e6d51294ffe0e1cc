import { encodePageConfig, type PageConfig, pageConfigElementId } from './page-config.ts'

/** The two elements that a page needs to be measured and assisted. They belong at the end of the body. */
export interface PageScripts {
  readonly config: PageConfig
  /** URL of the loader, as the URL standard serializes it. */
  readonly loader: string
  /** Value of the attribute `data-peerpress` of both elements: 1-64 letters or digits. @default no attribute */
  readonly mark?: string
}

/** Name of the attribute that marks both elements. */
export const pageScriptsMark = 'data-peerpress'

/**
 * Returns the HTML of both elements in ASCII, so that it can be inserted into a page of any encoding that extends ASCII.
 * Each ends with a line end.
 */
export function encodePageScripts({ config, loader, mark }: PageScripts): string {
  const attribute = mark === undefined ? '' : ` ${pageScriptsMark}="${mark}"`
  const json = inAscii(encodePageConfig(config))
  return `<script type="application/json" id="${pageConfigElementId}"${attribute}>${json}</script>
<script defer src="${escapeAttribute(loader)}"${attribute}></script>
`
}

/** Escapes a character of JSON text that is not in ASCII. It can only be in a string. */
function inAscii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `${String.raw`\u`}${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
