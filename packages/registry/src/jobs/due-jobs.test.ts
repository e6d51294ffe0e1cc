import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../engines/database.ts'
import { openPglite } from '../engines/pglite.ts'
import { createJobs, type JobQueue } from './jobs.ts'

describe('workers of a server', { timeout: 60_000 }, () => {
  let directory: string
  let database: Database
  let jobs: JobQueue
  /** Statements of workers that look for a job. */
  let fetches = 0
  /** Resolved by the next statement that looks for all of them. */
  let looked = Promise.withResolvers<void>()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'due-jobs-'))
    database = await openPglite(directory)
    const { db } = database.jobOptions
    assert.ok(db !== undefined)
    jobs = createJobs({
      ...database,
      query: async <Row>(text: string, params?: readonly unknown[]) => {
        const rows = await database.query<Row>(text, params)
        if (text.includes('unnest')) looked.resolve()
        return rows
      },
      jobOptions: {
        ...database.jobOptions,
        db: {
          ...db,
          executeSql: (text, values) => {
            // The queue has a worker of its own for schedules.
            if (/\bnext AS\b/.test(text) && /\b(?:one|two|three)\b/.test(text)) fetches++
            return db.executeSql(text, values)
          },
        },
      },
    })
  })
  after(async () => {
    await jobs.stop()
    await database.close()
    await rm(directory, { recursive: true, force: true })
  })
  const nextLook = () => {
    looked = Promise.withResolvers()
    return looked.promise
  }

  test('do not look for jobs themselves while there is none, and run a new one at once', async () => {
    const ran = Promise.withResolvers<void>()
    for (const name of ['one', 'two', 'three']) {
      await jobs.work(name, 4, async () => {
        if (name === 'three') ran.resolve()
      })
    }
    await nextLook()
    assert.ok(fetches > 0)
    await nextLook()
    const sofar = fetches
    for (let n = 0; n < 3; n++) await nextLook()
    assert.equal(fetches, sofar)
    await jobs.enqueue({ name: 'three', key: 'k', data: {} })
    await ran.promise
  })

  test('all take what is due again, each a job of its own', async () => {
    const both = Promise.withResolvers<void>()
    let running = 0
    await jobs.work('failing', 2, async ({ attempt }) => {
      if (attempt === 0) throw new Error('not yet')
      if (++running === 2) both.resolve()
      await both.promise
    })
    for (const key of ['a', 'b']) await jobs.enqueue({ name: 'failing', key, group: key, data: {} })
    await both.promise
    assert.equal(jobs.errorCount(), 0)
  })
})
