import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { mayRemember, openSession, type SessionMemory } from './session.ts'

const noon = Date.UTC(2026, 2, 1, 12)
const minute = 60_000

/** Returns a tab's storage that initially holds `content`. */
function tab(content: string | null = null): Pick<Window, 'sessionStorage'> {
  let text = content
  const sessionStorage = {
    getItem: () => text,
    setItem: (_key: string, value: string) => {
      text = value
    },
  }
  return { sessionStorage: sessionStorage as unknown as Storage }
}

function begin(memory: SessionMemory, now: number): { readonly id: string; readonly landing: boolean } {
  const session = memory.begin(now)
  assert.ok(session)
  return session
}

suite('a session', () => {
  test('continues from page to page; only its first view is the landing', () => {
    const page = tab()
    const first = begin(openSession(page), noon)
    const second = begin(openSession(page), noon + 29 * minute)
    const third = begin(openSession(page), noon + 58 * minute)
    assert.deepEqual([first.landing, second.landing, third.landing], [true, false, false])
    assert.deepEqual([second.id, third.id], [first.id, first.id])
  })

  test("ends 30 minutes after the reader's last activity", () => {
    const page = tab()
    const memory = openSession(page)
    const { id } = begin(memory, noon)
    memory.touch(noon + 20 * minute)
    assert.equal(begin(memory, noon + 49 * minute).id, id)
    const next = begin(memory, noon + 79 * minute)
    assert.notEqual(next.id, id)
    assert.equal(next.landing, true)
  })

  test('a late activity does not revive a session that has ended', () => {
    const memory = openSession(tab())
    const { id } = begin(memory, noon)
    memory.touch(noon + 31 * minute)
    assert.notEqual(begin(memory, noon + 32 * minute).id, id)
  })

  test('links no two days, and no views across a clock that was set back', () => {
    const memory = openSession(tab())
    const midnight = Date.UTC(2026, 2, 2)
    const evening = begin(memory, midnight - 1)
    assert.notEqual(begin(memory, midnight).id, evening.id)
    const late = begin(memory, noon)
    assert.notEqual(begin(memory, noon - 1).id, late.id)
  })

  test('ignores stored content that it could not have written', () => {
    for (const content of ['{}', '{"id":"me","seen":0}', `{"id":"reader@example.com","seen":${noon}}`]) {
      const { id, landing } = begin(openSession(tab(content)), noon)
      assert.match(id, /^[0-9a-f-]{36}$/)
      assert.equal(landing, true)
    }
  })
})

test('nothing is stored unless the owner assumes consent and the reader does not object', () => {
  const page = (objection: string | null, globalPrivacyControl?: boolean) => ({
    navigator: { globalPrivacyControl },
    localStorage: { getItem: () => objection },
  })
  assert.equal(mayRemember({ consent: 'assumed' }, page(null)), true)
  assert.equal(mayRemember({ consent: 'required' }, page(null)), false)
  assert.equal(mayRemember({ consent: 'assumed' }, page('1')), false)
  assert.equal(mayRemember({ consent: 'assumed' }, page(null, true)), false)
})
