import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { UploadBudget, withDefaults } from './upload-budget.ts'

const limits = withDefaults({ perSession: 1000, perMonth: 1500 })
const page = globalThis as { localStorage?: unknown; sessionStorage?: unknown }

function storage(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const items = new Map<string, string>()
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

function define(name: 'localStorage' | 'sessionStorage', value: unknown): void {
  Object.defineProperty(page, name, { value, configurable: true, writable: true })
}

beforeEach(() => {
  define('localStorage', storage())
  define('sessionStorage', storage())
})
afterEach(() => {
  delete page.localStorage
  delete page.sessionStorage
})

test('has a default for every limit that a page leaves out', () => {
  assert.deepEqual(withDefaults({ slots: 1 }), {
    rate: 2_000_000,
    slots: 1,
    perSession: 200_000_000,
    perMonth: 2_000_000_000,
  })
})

test('counts over the pages of a session, and over the sessions of a month', () => {
  const november = (): string => '2026-11'
  new UploadBudget(limits, november).spend(600)
  assert.equal(new UploadBudget(limits, november).left, 400)
  define('sessionStorage', storage())
  assert.equal(new UploadBudget(limits, november).left, 900)
  new UploadBudget(limits, november).spend(1000)
  define('sessionStorage', storage())
  assert.equal(new UploadBudget(limits, november).left, 0)
  assert.equal(new UploadBudget(limits, () => '2026-12').left, 1000)
})

test('counts the page alone where the browser stores nothing', () => {
  define('localStorage', undefined)
  define('sessionStorage', undefined)
  const budget = new UploadBudget(limits)
  budget.spend(300)
  assert.equal(budget.left, 700)
})

test('takes what it does not understand for nothing', () => {
  const stores = page as { sessionStorage: ReturnType<typeof storage> }
  stores.sessionStorage.setItem('peerpress:visit:uploaded', 'x y z')
  assert.equal(new UploadBudget(limits).left, 1000)
})
