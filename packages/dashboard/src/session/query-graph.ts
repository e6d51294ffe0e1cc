import type { TypedDocumentString } from '../generated/graphql.ts'
import { basePath } from '../navigation/base-path.ts'
import { type GraphAnswer, named, refusalOf } from './graph-answer.ts'
import { GraphError } from './graph-error.ts'
import { sessionMessages } from '../messages/session-messages.ts'

const words = sessionMessages.queryGraph

export interface QueryOptions {
  /** The operator's token; null sends none. */
  readonly token: string | null
  readonly signal: AbortSignal
}

/**
 * Queries the graph of the server of this page.
 * @throws {GraphError}
 */
export async function queryGraph<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { token, signal }: QueryOptions,
): Promise<Data> {
  const answer = await send<Data>(JSON.stringify({ ...named(document.toString()), variables }), token, signal)
  const { data, errors } = answer
  const error = errors?.[0]
  // What may be missing is null then, and its page says so.
  if (data != null && (error === undefined || isPartial(data, error))) {
    if (errors !== undefined) failures.set(data, new Set(errors.flatMap(({ path = [] }) => path.map(String))))
    return data
  }
  throw refusalOf(answer)
}

/** The names in the paths of the errors of answers. */
const failures = new WeakMap<object, ReadonlySet<string>>()

/** Whether a field of an answer is null because the server could not answer it, and not because there is nothing. */
export function hasFailed(data: object, field: string): boolean {
  return failures.get(data)?.has(field) ?? false
}

/** Whether a part of the answer alone is missing. Of the sections of reports, one at least must be there. */
function isPartial(data: object, { path = [] }: { readonly path?: readonly unknown[] }): boolean {
  const [root] = path
  if (path.length < 2 || !isObject(data) || data[String(root)] == null) return false
  return !path.includes('sections') || hasSection(data)
}

/** Parts of a page that stand beside its report. */
const besideReport = new Set(['searchPerformance'])

/** Whether any section of a report is there, or a part beside it. */
function hasSection(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSection)
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, part]) =>
    key === 'sections' && isObject(part)
      ? Object.values(part).some((section) => section !== null)
      : (besideReport.has(key) && part !== null) || hasSection(part),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

async function send<Data>(
  body: string,
  token: string | null,
  signal: AbortSignal,
): Promise<GraphAnswer<Data>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
  }
  if (token !== null) headers['authorization'] = `Bearer ${token}`
  try {
    const response = await fetch(`${basePath}graphql`, { method: 'POST', headers, body, signal })
    return (await response.json()) as GraphAnswer<Data>
  } catch (cause) {
    signal.throwIfAborted()
    throw new GraphError('unreachable', words.serverDidNotAnswer, { cause })
  }
}
