import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { UploadBudget } from './upload-budget.ts'

const limits = { perSession: 1000, perMonth: 1500 }
const page = globalThis as { localStorage?: unknown; sessionStorage?: unknown }

function storage(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, value)
    },
  }
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
  assert.deepEqual(new UploadBudget({ slots: 1 }).shares(1), [{ bytes: 200_000_000, slots: 1, rate: 2000 }])
  assert.deepEqual(new UploadBudget().shares(1), [{ bytes: 200_000_000, slots: 3, rate: 2000 }])
})

test('is shared among the posts, whatever their number, and never exceeded by all together', () => {
  const budget = new UploadBudget({ rate: 1_000_000, slots: 3, perSession: 1000 })
  budget.spend(100)
  for (const posts of [1, 2, 3, 5, 20]) {
    const shares = budget.shares(posts)
    const sum = (of: 'bytes' | 'slots' | 'rate'): number => shares.reduce((all, share) => all + share[of], 0)
    assert.equal(shares.length, posts)
    assert.equal(sum('slots'), 3)
    assert.ok(Math.abs(sum('bytes') - 900) < 1e-6 && Math.abs(sum('rate') - 1000) < 1e-6)
  }
  assert.deepEqual(
    budget.shares(5).map(({ slots }) => slots),
    [1, 1, 1, 0, 0],
  )
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
