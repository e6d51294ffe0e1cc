/** Markup in which every foreign text is escaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A value within markup. Texts and numbers are escaped; null and false show nothing. */
export type HtmlValue = Html | string | number | null | false | readonly HtmlValue[]

/** Makes markup of a template. Only its literal parts are markup; attributes must be in double quotes. */
export function markup(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : markupOf(values[i - 1] ?? null) + part)).join(''))
}

function markupOf(value: HtmlValue): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(markupOf).join('')
  return escapeHtml(String(value))
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes a text for an element's content and for an attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

/** Returns a block of structured data. No text in it can end the block: `<` is escaped as JSON allows. */
export function jsonLd(value: object): Html {
  const json = JSON.stringify(value)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
  return new Html(`<script type="application/ld+json">${json}</script>`)
}
