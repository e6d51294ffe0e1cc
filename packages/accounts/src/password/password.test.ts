import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, verifyPassword } from './password.ts'
import { PasswordQueue } from './password-queue.ts'

test('a password matches its own hash, which is a PHC string of argon2id with a salt', async () => {
  const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')]
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
  assert.deepEqual(await verifyPassword('correct horse', one), { isRight: true, isOutdated: false })
  assert.deepEqual(await verifyPassword('correct hors', one), { isRight: false, isOutdated: false })
})

test('the hash of another implementation matches, and is outdated', async () => {
  // The test vector of the reference implementation: argon2id, version 19, t=2, m=64 MiB, p=1, "password", "somesalt".
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.deepEqual(await verifyPassword('password', phc), { isRight: true, isOutdated: true })
})

test('a letter of two code points is the same password as that of one', async () => {
  const phc = await hashPassword('b\u00fccherregal')
  assert.equal((await verifyPassword('bu\u0308cherregal', phc)).isRight, true)
})

test('a hash of an unknown form is an error, not a match', async () => {
  for (const phc of ['', 'password', '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA', '$2b$10$abc']) {
    await assert.rejects(verifyPassword('password', phc), /unknown form/)
  }
})

test('the queue bounds what runs, keeps the order, and refuses what would wait too long', async () => {
  const queue = new PasswordQueue()
  const ends: (() => void)[] = []
  const order: number[] = []
  let running = 0
  let most = 0
  const work = (i: number) => async () => {
    order.push(i)
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => ends.push(resolve))
    running--
  }
  const all = Array.from({ length: 66 }, (_, i) => queue.run(work(i)))
  await assert.rejects(queue.run(work(66)), { code: 'busy', retryAfter: 5 })
  while (order.length < 66 || ends.length > 0) {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(all)
  assert.equal(most, 2)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
})
