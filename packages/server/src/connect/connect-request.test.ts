import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectPage } from './connect-page.ts'
import { type ConnectRequest, readConnectRequest } from './connect-request.ts'

const wish: ConnectRequest = {
  url: 'https://blog.example.org/',
  return: 'https://blog.example.org/wp-admin/options-general.php?page=peerpress',
  state: 'a-random-state',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  consent: 'required',
}

test('accepts what the plugin sends', () => {
  assert.deepEqual(readConnectRequest(wish), wish)
})

test('leaves the consent policy open if none was chosen', () => {
  const { consent: _, ...rest } = wish
  assert.deepEqual(readConnectRequest(rest), rest)
})

test('refuses a return address on another origin, which would give the code to a stranger', () => {
  assert.match(
    JSON.stringify(readConnectRequest({ ...wish, return: 'https://evil.example/' })),
    /not on the site/,
  )
})

for (const [field, value] of [
  ['url', 'javascript:alert(1)'],
  ['url', undefined],
  ['challenge', 'short'],
  ['state', ''],
  ['state', 'a-random-\0state'],
  ['state', 'a-random-\ud800state'],
  ['url', 'https://blog.example.org/a\0b'],
  ['return', 'https://blog.example.org/\ud800'],
  ['consent', 'silently'],
] as const) {
  test(`refuses ${field} = ${JSON.stringify(value)} and names the field`, () => {
    assert.match(JSON.stringify(readConnectRequest({ ...wish, [field]: value })), new RegExp(`^"${field}:`))
  })
}

for (const url of [
  'https://x;sandbox/',
  'https://*/',
  'https://*.example/',
  'https://x,y/',
  "https://x'y/",
  'https://u:p@site.example/',
  'https://u@site.example/',
  'blob:https://site.example/x',
]) {
  test(`refuses ${url}, for the site and for the way back`, () => {
    assert.match(JSON.stringify(readConnectRequest({ ...wish, url, return: url })), /^"url:/)
    assert.match(JSON.stringify(readConnectRequest({ ...wish, return: url })), /^"return:/)
  })
}

for (const url of [
  'https://bücher.example/',
  'http://127.0.0.1:8080/',
  'http://[::1]/',
  'https://a_b.example./x',
]) {
  test(`accepts ${url}`, () => {
    assert.equal(typeof readConnectRequest({ ...wish, url, return: url }), 'object')
  })
}

test('shows hostile values as text', () => {
  const page = connectPage({
    request: { ...wish, url: 'https://blog.example.org/"><script>alert(1)</script>' },
    isPrivate: false,
    problem: '<b>no</b>',
  })
  assert.doesNotMatch(page, /<script|<b>/)
})

test('requests permission to fetch a private address, and for no other', () => {
  assert.match(connectPage({ request: wish, isPrivate: true }), /name="private"/)
  assert.doesNotMatch(connectPage({ request: wish, isPrivate: false }), /name="private"/)
})

test('requests the consent policy, with none preselected, if the owner has not chosen', () => {
  const { consent: _, ...open } = wish
  const page = connectPage({ request: open, isPrivate: false })
  assert.equal(page.match(/type="radio"/g)?.length, 3)
  assert.doesNotMatch(page, / checked/)
})

test('shows the owner’s choice of consent and does not change it', () => {
  const page = connectPage({ request: wish, isPrivate: false })
  assert.match(page, /name="consent" value="required"/)
  assert.doesNotMatch(page, /type="radio"/)
})
