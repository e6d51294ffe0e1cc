import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { parseMediaType, readContentType } from './content-type.ts'

test('reads a media type without its parameters', () => {
  assert.equal(parseMediaType('Image/PNG; charset=binary'), 'image/png')
  for (const header of [null, '', 'png', 'a/b/c', '*/*', ',', '"image/png"'])
    assert.equal(parseMediaType(header), null)
})

test('uses the last valid type of several', () => {
  assert.equal(parseMediaType('text/html, text/html'), 'text/html')
  assert.equal(parseMediaType('image/png,image/gif'), 'image/gif')
  assert.equal(parseMediaType('text/html; a="b, image/gif"'), 'text/html')
  assert.equal(parseMediaType('text/html, */*, none'), 'text/html')
})

test('uses the charset of the last type, or of an earlier one with the same type', () => {
  const charsetOf = (header: string) => readContentType(header).charset
  assert.equal(charsetOf('text/html'), null)
  assert.equal(charsetOf('text/html;Charset="windows-1251"'), 'windows-1251')
  assert.equal(charsetOf('text/html; charset=utf-8; charset=gbk'), 'utf-8')
  assert.equal(charsetOf('text/html; charset=gbk, text/html'), 'gbk')
  assert.equal(charsetOf('text/plain; charset=gbk, text/html'), null)
  assert.equal(charsetOf('text/html; charset=gbk, text/html; charset=big5'), 'big5')
})

test('reads spaces after a charset in one pass: they would otherwise take minutes', () => {
  const header = `text/html; charset=a${' '.repeat(1_000_000)}"x`
  const read = () => assert.equal(readContentType(header).charset, null)
  runInNewContext('read()', { read }, { timeout: 60_000 })
})

test('reads a header that consists of quotes in one pass', () => {
  assert.equal(parseMediaType(`text/html; ${'"\\'.repeat(8000)}`), 'text/html')
})
