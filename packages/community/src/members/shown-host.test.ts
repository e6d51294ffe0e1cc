import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainToASCII } from 'node:url'
import { shownHost, skeletonOf } from './shown-host.ts'

test('hosts that look alike have one skeleton', () => {
  for (const [one, other] of [
    ['paypal.example', domainToASCII('раураl.example')],
    ['rnicrosoft.example', 'microsoft.example'],
    ['g00gle.example', 'google.example'],
    ['apple.example', domainToASCII('аррlе.example')],
  ] as const) {
    assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`)
  }
  assert.notEqual(skeletonOf('bread.example'), skeletonOf('broad.example'))
})

test('an ASCII host is shown as it is', () => {
  assert.deepEqual(shownHost('blog.example', true), { text: 'blog.example', isPunycode: false })
})

test('an international host is shown in its letters, if nothing looks like it', () => {
  for (const host of ['bücher.example', 'пример.example', '例え.example', 'παράδειγμα.example']) {
    const ascii = domainToASCII(host)
    assert.deepEqual(shownHost(ascii, false), { text: host, isPunycode: false })
    assert.deepEqual(shownHost(ascii, true), { text: ascii, isPunycode: true })
  }
})

test('a host of mixed scripts, or one that looks like ASCII, is shown in punycode', () => {
  for (const host of ['раураl.example', 'аррӏе.example', 'blоg.example']) {
    const ascii = domainToASCII(host)
    assert.deepEqual(shownHost(ascii, false), { text: ascii, isPunycode: true }, host)
  }
})
