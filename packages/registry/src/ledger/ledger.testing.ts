import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../engines/database.ts'
import { openDatabase } from '../engines/open-database.ts'
import type { RegistryLocation } from '../engines/registry-location.ts'
import { migrate } from '../schema/migrate.ts'
import { refused } from '../suite.testing.ts'
import { createLedger } from './ledger.ts'
import { ledgerText } from './ledger-text.ts'

const member = 'blog.example'
const vote = (submission: string) => ({
  kind: 'vote',
  member,
  body: { submission, value: 'up', weight: 0.1 },
})

/** The ledger, whatever database it is in. */
export function describeLedger(emptyLocation: () => RegistryLocation): void {
  describe('ledger', () => {
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-ledger-'))
    let database: Database
    before(async () => {
      database = await openDatabase(emptyLocation())
      await migrate(database)
    })
    after(async () => {
      await database.close()
      rmSync(directory, { recursive: true, force: true })
    })
    let files = 0

    /** Changes rows as somebody with all rights on the database would. */
    async function tamper(statement: string): Promise<void> {
      await database.query('alter table peerpress.ledger disable trigger all')
      await database.query(statement)
      await database.query('alter table peerpress.ledger enable trigger all')
    }

    /** Gives an empty ledger, and a way to open it again as a server's start does. */
    async function openLedger(now = () => Date.UTC(2026, 0, 1)) {
      await tamper('truncate peerpress.ledger')
      const file = join(directory, `ledger-${files++}.json`)
      let ledger = createLedger(database, { file, now })
      const reopen = () => {
        ledger = createLedger(database, { file, now })
      }
      return { ledger: () => ledger, file, reopen }
    }

    test('appends rows that chain, and reads them by kind and member', async () => {
      const { ledger, reopen, file } = await openLedger()
      const numbers = { tiny: 5e-324, third: 1 / 3, big: 1e300, negative: -0.1, text: 'ünï "\\u0000" 🙂' }
      const rows = await ledger().append([
        { kind: 'proof', member, body: { z: numbers, a: [1, null, true] } },
        { kind: 'feed-mean', member: null, body: { day: '2026-01-01', mean: 0.7 } },
      ])
      await ledger().append([vote('a')])
      assert.deepEqual(
        rows.map(({ seq }) => seq),
        [1, 2],
      )
      assert.deepEqual((await ledger().read({ limit: 2 })).slice(0, 2), rows)
      assert.deepEqual(await ledger().read({ limit: 9, kinds: ['feed-mean'] }), rows.slice(1))
      assert.equal((await ledger().read({ limit: 9, after: 1, member }))[0]?.seq, 3)
      assert.deepEqual(await ledger().verify(), { rows: 3, problems: [] })
      assert.equal(statSync(file).mode & 0o777, 0o600)
      reopen()
      await ledger().append([vote('b')])
      assert.deepEqual(await ledger().verify(), { rows: 4, problems: [] })
    })

    test('a transaction that throws leaves nothing, and the next row has the same position', async () => {
      const { ledger } = await openLedger()
      const text = ledgerText('gone')
      const failing = ledger().transaction(async (within) => {
        await within.append([vote('a')], [text])
        throw new Error('no')
      })
      await assert.rejects(failing, /no/)
      assert.equal((await ledger().append([vote('b')]))[0]?.seq, 1)
      assert.equal((await ledger().texts([text.hash])).size, 0)
    })

    test('a row that cannot be stored is refused', async () => {
      const { ledger } = await openLedger()
      for (const wrong of ['\0', '\ud800', 'x'.repeat(17_000)]) {
        await refused('invalid-entry', ledger().append([{ kind: 'vote', member, body: { wrong } }]))
      }
      assert.deepEqual(await ledger().verify(), { rows: 0, problems: [] })
    })

    test('many appends at the same time are in one order', async () => {
      const { ledger } = await openLedger()
      await Promise.all(Array.from({ length: 40 }, (_, i) => ledger().append([vote(`a${i}`), vote(`b${i}`)])))
      assert.deepEqual(await ledger().verify(), { rows: 80, problems: [] })
    })

    test('a text can be erased, and one that was changed is not returned', async () => {
      const { ledger } = await openLedger()
      const [kept, erased, changed] = ['same', 'same', 'changed'].map(ledgerText)
      assert.ok(kept && erased && changed)
      assert.notEqual(kept.hash, erased.hash)
      const hashes = [kept.hash, erased.hash, changed.hash]
      await ledger().append([{ kind: 'report', member, body: { hashes } }], [kept, erased, changed])
      await ledger().eraseTexts([erased.hash])
      await tamper(`update peerpress.ledger_text set content = 'other' where content = 'changed'`)
      assert.deepEqual([...(await ledger().texts([...hashes, '\0', 'none']))], [[kept.hash, 'same']])
      assert.deepEqual(await ledger().verify(), { rows: 1, problems: [] })
    })

    test('a later row has no earlier time while clocks differ a little, and follows a clock that was put right', async () => {
      let time = Date.UTC(2026, 0, 2)
      const { ledger } = await openLedger(() => time)
      const at = async () => (await ledger().append([vote('a')]))[0]?.at.getTime()
      const first = await at()
      time -= 60_000
      assert.equal(await at(), first)
      time -= 86_400_000
      assert.equal(await at(), time)
    })

    test('the database refuses changes, removals and truncation', async () => {
      const { ledger } = await openLedger()
      await ledger().append([vote('a')])
      for (const change of [
        'update peerpress.ledger set kind = kind',
        'delete from peerpress.ledger',
        'truncate peerpress.ledger',
      ]) {
        await assert.rejects(database.query(change), /rows of the ledger are only added/)
      }
    })

    for (const [what, change, problem] of [
      ['a changed weight', `update peerpress.ledger set body = '{"weight": 1}' where seq = 2`, 'changed'],
      ['a changed time', `update peerpress.ledger set at = at + 1 where seq = 2`, 'changed'],
      ['a changed member', `update peerpress.ledger set member = null where seq = 2`, 'changed'],
      ['a missing row', `delete from peerpress.ledger where seq = 2`, 'missing'],
    ] as const) {
      test(`${what} in the middle is found, and the ledger goes on`, async () => {
        const { ledger } = await openLedger()
        await ledger().append(['a', 'b', 'c'].map(vote))
        await tamper(change)
        assert.deepEqual((await ledger().verify()).problems, [{ seq: 2, problem }])
        await ledger().append([vote('d')])
        assert.deepEqual((await ledger().verify()).problems, [{ seq: 2, problem }])
      })
    }

    test('a changed or missing last row is found, and nothing is appended after it', async () => {
      for (const [change, problem] of [
        [`update peerpress.ledger set mac = repeat('0', 64) where seq = 2`, 'changed'],
        ['delete from peerpress.ledger where seq = 2', 'missing'],
        ['delete from peerpress.ledger', 'missing'],
      ] as const) {
        const { ledger } = await openLedger()
        await ledger().append(['a', 'b'].map(vote))
        await tamper(change)
        const { problems } = await ledger().verify()
        assert.deepEqual(problems.at(-1), { seq: 2, problem })
        await refused('ledger-tampered', ledger().append([vote('c')]))
      }
    })

    test('rows that a killed process committed before it wrote the head count; foreign rows do not', async () => {
      const { ledger, file, reopen } = await openLedger()
      await ledger().append([vote('a')])
      const earlier = readFileSync(file)
      await ledger().append(['b', 'c'].map(vote))
      writeFileSync(file, earlier)
      reopen()
      assert.equal((await ledger().append([vote('d')]))[0]?.seq, 4)
      assert.deepEqual(await ledger().verify(), { rows: 4, problems: [] })
      await tamper(
        `insert into peerpress.ledger select 5, at, kind, member, body, mac from peerpress.ledger where seq = 4`,
      )
      await refused('ledger-tampered', ledger().append([vote('e')]))
      assert.deepEqual((await ledger().verify()).problems, [{ seq: 5, problem: 'changed' }])
    })

    test('without its key file, or with a damaged one, nothing is appended to a ledger with rows', async () => {
      const { ledger, file, reopen } = await openLedger()
      await ledger().append([vote('a')])
      const original = readFileSync(file)
      for (const damage of [() => rmSync(file), () => writeFileSync(file, '{"version":1}')]) {
        damage()
        reopen()
        await refused('ledger-key', ledger().append([vote('b')]))
        await refused('ledger-key', ledger().verify())
      }
      writeFileSync(file, original)
      chmodSync(file, 0o600)
      reopen()
      assert.equal((await ledger().append([vote('b')]))[0]?.seq, 2)
    })

    test('a server with a key of its own is told to get the one that the ledger was begun with', async () => {
      const { ledger, file } = await openLedger()
      const other = join(directory, 'other.json')
      const now = () => Date.UTC(2026, 0, 1)
      let second = createLedger(database, { file: other, now })
      // Both servers start with an empty ledger, and draw a key.
      await second.transaction(async () => undefined)
      await ledger().append([vote('a')])
      for (const work of [() => second.append([vote('b')]), () => second.verify()]) {
        await assert.rejects(work, {
          code: 'ledger-key',
          message: /other\.json does not fit the first row/,
        })
      }
      writeFileSync(other, readFileSync(file))
      second = createLedger(database, { file: other, now })
      assert.equal((await second.append([vote('b')]))[0]?.seq, 2)
      assert.deepEqual(await ledger().verify(), { rows: 2, problems: [] })
    })
  })
}
