import * as v from 'valibot'

const moment = v.pipe(
  v.string(),
  v.transform((text) => new Date(text)),
)
const answerSchema = v.object({
  data: v.object({
    schedules: v.array(
      v.object({ name: v.string(), error: v.nullable(v.string()), dueAt: v.nullable(moment) }),
    ),
  }),
})

/** ms that a run may be late: long runs, and a server that has just started. */
const grace = 3_600_000

/** What a server reports of its repeating work. */
export type SchedulesFinding =
  | { readonly state: 'ok'; readonly detail: string }
  | { readonly state: 'problem'; readonly detail: string }
  /** The server did not answer the query, for the reason in `detail`. */
  | { readonly state: 'skipped'; readonly detail: string }

/** Queries a running server for the outcomes of its schedules. Never rejects. */
export async function checkSchedules(
  { url, token }: { readonly url: string; readonly token: string },
  now: number,
): Promise<SchedulesFinding> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ schedules { name error dueAt } }' }),
    signal: AbortSignal.timeout(5000),
  }).then(
    async (answer) => ({ status: answer.status, body: (await answer.json().catch(() => null)) as unknown }),
    () => null,
  )
  if (response === null)
    return { state: 'skipped', detail: `no server answers at ${url}: name it with --server` }
  const parsed = v.safeParse(answerSchema, response.body)
  if (!parsed.success)
    return { state: 'skipped', detail: `${url} answers ${response.status} to a query of schedules` }
  const { schedules } = parsed.output.data
  const problems = schedules.flatMap(({ name, error, dueAt }) => {
    if (error !== null) return [`${name} failed the last time: ${error}`]
    if (dueAt === null || dueAt.getTime() + grace >= now) return []
    return [`${name} has been due since ${dueAt.toISOString()}`]
  })
  return problems.length === 0
    ? { state: 'ok', detail: `${schedules.length} schedules, all in time` }
    : { state: 'problem', detail: problems.join('; ') }
}
