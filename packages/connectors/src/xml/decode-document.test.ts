import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeDocument } from './decode-document.ts'

const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><title>Größe</title>`

test('a document in its stated encoding has no problem', () => {
  for (const [bytes, charset] of [
    [Buffer.from(declared('utf-8')), null],
    [Buffer.from(declared('windows-1252'), 'latin1'), null],
    [Buffer.from('<title>Größe</title>', 'latin1'), 'iso-8859-1'],
    [Buffer.from(`\ufeff${declared('utf-16')}`, 'utf16le'), null],
    [Buffer.from(declared('utf-16'), 'utf16le'), 'utf-8'],
  ] as const) {
    const { text, problem } = decodeDocument(bytes, charset)
    assert.match(text, /<title>Größe<\/title>/)
    assert.equal(problem, null)
  }
})

test('windows-1252 that claims to be UTF-8 is read as windows-1252', () => {
  const { text, problem } = decodeDocument(Buffer.from(declared('utf-8'), 'latin1'), 'utf-8')
  assert.match(text, /Größe/)
  assert.equal(problem, 'It states the encoding utf-8, but it is in windows-1252.')
})

test('UTF-8 that claims to be a legacy encoding is read as UTF-8', () => {
  const { text, problem } = decodeDocument(Buffer.from(declared('iso-8859-1')), null)
  assert.match(text, /Größe/)
  assert.equal(problem, 'It states the encoding windows-1252, but it is in utf-8.')
})

test('one broken character does not change the encoding of the others', () => {
  const bytes = Buffer.concat([Buffer.from('<title>Größe ä ö'), Buffer.from([0xe4]), Buffer.from('</title>')])
  const { text, problem } = decodeDocument(bytes, 'utf-8')
  assert.match(text, /Größe ä ö\ufffd/)
  assert.equal(problem, 'Some of its characters are not valid UTF-8.')
})
