import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { roleOfParts } from './role.ts'

/** A role of three parts, of which one may fail to start and one to end, and the names of those that ended. */
function roleOfThree({ failsToStart = '', failsToEnd = '' } = {}) {
  const ended: string[] = []
  const role = roleOfParts({
    name: 'three',
    startParts: async (started) => {
      for (const part of ['first', 'second', 'third']) {
        if (part === failsToStart) throw new Error(`${part} does not start`)
        started(async () => {
          ended.push(part)
          if (part === failsToEnd) throw new Error(`${part} does not end`)
        })
      }
    },
    health: async () => ({ ok: true, detail: null }),
  })
  return { role, ended }
}

describe('a role of parts', () => {
  test('ends each part once', async () => {
    const { role, ended } = roleOfThree()
    await role.start()
    await role.stop(0)
    await role.stop(0)
    assert.deepEqual(ended, ['first', 'second', 'third'])
  })

  test('ends the parts before one that does not start, and can start again', async () => {
    const { role, ended } = roleOfThree({ failsToStart: 'third' })
    for (let time = 0; time < 2; time++) await assert.rejects(role.start(), /third does not start/)
    assert.deepEqual(ended, ['first', 'second', 'first', 'second'])
  })

  test('ends every part also when one rejects, and says why', async () => {
    const { role, ended } = roleOfThree({ failsToEnd: 'first' })
    await role.start()
    await assert.rejects(role.stop(0), /first does not end/)
    assert.deepEqual(ended, ['first', 'second', 'third'])
  })
})
