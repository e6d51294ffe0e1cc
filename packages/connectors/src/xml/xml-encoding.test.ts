import assert from 'node:assert/strict'
import { test } from 'node:test'
import { xmlEncoding } from './xml-encoding.ts'

const head = (text: string) => Buffer.from(text, 'latin1')

test('a byte order mark has precedence over the header and the declaration', () => {
  const declared = '<?xml version="1.0" encoding="windows-1252"?>'
  assert.equal(xmlEncoding(head(`\xef\xbb\xbf${declared}`), 'iso-8859-2'), 'utf-8')
  assert.equal(xmlEncoding(head('\xff\xfe<\0'), null), 'utf-16le')
  assert.equal(xmlEncoding(head('\xfe\xff\0<'), null), 'utf-16be')
})

test('UTF-16 without a byte order mark is recognized by its zeros', () => {
  assert.equal(xmlEncoding(Buffer.from('<?xml', 'utf16le'), null), 'utf-16le')
  assert.equal(xmlEncoding(Buffer.from('<?xml', 'utf16le').swap16(), 'utf-8'), 'utf-16be')
})

test('the header has precedence over the declaration, and UTF-8 is the default', () => {
  const declared = head("<?xml version='1.0' encoding = 'ISO-8859-1' ?><rss/>")
  assert.equal(xmlEncoding(declared, null), 'windows-1252')
  assert.equal(xmlEncoding(declared, 'koi8-r'), 'koi8-r')
  assert.equal(xmlEncoding(head('<rss/>'), null), 'utf-8')
  assert.equal(xmlEncoding(head(''), null), 'utf-8')
})

test('labels without a decoder are ignored, and so is UTF-16 on a document in ASCII', () => {
  for (const label of ['', 'none', 'utf-16', 'iso-2022-kr', 'x'.repeat(1000)]) {
    assert.equal(xmlEncoding(head('<rss/>'), label), 'utf-8', label)
  }
  assert.equal(xmlEncoding(head('<?xml encoding="UTF-16"?>'), null), 'utf-8')
})

test('a name in the content is not a declaration', () => {
  assert.equal(xmlEncoding(head('<?xml version="1.0"?><a encoding="koi8-r">'), null), 'utf-8')
})
