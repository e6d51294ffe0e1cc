import { parseSync } from 'oxc-parser'

/** A node of the syntax tree (ESTree). */
interface Node {
  readonly type: string
  readonly [field: string]: unknown
}

/** Attributes of which no value is shown or read out. */
const silent =
  /^(?:key|class|id|for|type|role|href|src|rel|target|method|style|accept|autoComplete|pattern|inputMode|viewBox|d|popover|popovertarget|aria-labelledby|aria-describedby|aria-controls|onPick|of|by|tone)$/

/** Returns the texts of a component's source that a person would read: they belong into the catalogue. */
export function literalTexts(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source)
  if (errors[0] !== undefined) throw new SyntaxError(`${file}: ${errors[0].message}`)
  const found: string[] = []
  visit(program as unknown as Node, found)
  return found
}

function visit(node: Node, found: string[]): void {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'TSLiteralType':
      return
    case 'JSXElement':
      // Commands and names of settings are the same in every language.
      if (isCode(node)) return
      break
    case 'JSXText': {
      const text = String(node['value']).trim()
      if (/\p{L}{2}/u.test(text)) found.push(text)
      return
    }
    case 'JSXAttribute': {
      const { name } = node['name'] as { readonly name: unknown }
      if (typeof name === 'string' && silent.test(name)) return
      const value = node['value'] as Node | null
      if (value?.type === 'Literal') {
        const text = String(value['value'])
        if (name === 'name' || name === 'value' ? isSentence(text) : /\p{Lu}\p{Ll}/u.test(text))
          found.push(String(value['value']))
        return
      }
      break
    }
    case 'Literal':
      if (isSentence(node['value'])) found.push(String(node['value']))
      return
    case 'TemplateElement': {
      const { cooked } = node['value'] as { readonly cooked: string }
      if (isSentence(cooked) && cooked !== 'Bearer ') found.push(cooked)
      return
    }
  }
  for (const child of childrenOf(node)) visit(child, found)
}

/** Whether a string begins like a sentence or has several words. */
function isSentence(value: unknown): boolean {
  // Neither markup nor a media query is a text.
  if (typeof value !== 'string' || /^[<(]/.test(value)) return false
  return /^\p{Lu}\p{Ll}+(?: |$|[.,:…])/u.test(value) || /\p{Ll}[,.:]? \p{Ll}{2}/u.test(value)
}

function isCode(node: Node): boolean {
  const { name } = (node['openingElement'] as { readonly name: { readonly name: unknown } }).name
  return name === 'code' || name === 'pre'
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value)
}
