import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from './database.ts'
import { reportFullDisk } from './report-full-disk.ts'

const failing = (code: string): Database => {
  const fail = () => Promise.reject(Object.assign(new Error('could not extend file'), { code }))
  return {
    query: fail,
    transaction: (work) => work({ query: fail }),
    jobOptions: {},
    exclusive: true,
    clockWasSetBack: async () => undefined,
    vacuum: fail,
    close: async () => undefined,
  }
}
const statements = (database: Database) => [
  () => database.query('insert'),
  () => database.transaction((sql) => sql.query('insert')),
]

test('a statement for which the disk has no room says so, in a transaction too', async () => {
  for (const run of statements(reportFullDisk(failing('53100'))))
    await assert.rejects(run, { name: 'RegistryError', code: 'disk-full', message: /free some space/ })
})

test('every other error stays as it is', async () => {
  for (const run of statements(reportFullDisk(failing('23505')))) await assert.rejects(run, { code: '23505' })
})
