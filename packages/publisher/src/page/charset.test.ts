import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnsupportedEncoding, withEncodedQuery } from './charset.ts'
import { readPage } from './read-page.ts'

function mediaOf(html: Buffer, charset: string | null = null, isXml = false): readonly string[] {
  const origins = ['https://blog.example']
  return readPage({ html, charset, isXml, url: 'https://blog.example/', origins, maxMedia: 10 }).media.map(
    (url) => url.slice('https://blog.example'.length),
  )
}

/** Returns a picture element whose file name has these bytes. */
function picture(hex: string, head = ''): Buffer {
  return Buffer.concat([Buffer.from(`${head}<img src="/m/`), Buffer.from(hex, 'hex'), Buffer.from('.jpg">')])
}

describe('a page in another encoding', () => {
  test("is decoded by its header; a path is UTF-8, a query is in the page's encoding", () => {
    const html = Buffer.concat([
      picture('f4eef2ee'),
      Buffer.from('<img src="/m/plain.jpg?q=\xf4">', 'latin1'),
    ])
    assert.deepEqual(mediaOf(html, 'windows-1251'), ['/m/%D1%84%D0%BE%D1%82%D0%BE.jpg', '/m/plain.jpg?q=%F4'])
  })

  test('is decoded by its meta element if the header has no charset', () => {
    const metas = [
      '<meta charset=shift_jis>',
      '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
    ]
    for (const head of metas)
      assert.deepEqual(mediaOf(picture('8eca905e', head)), ['/m/%E5%86%99%E7%9C%9F.jpg'])
    assert.deepEqual(mediaOf(picture('c3a4', metas[0]), 'utf-8'), ['/m/%C3%A4.jpg'])
  })

  test('is decoded by its byte order mark before anything else', () => {
    const html = '\ufeff<img src="/m/u16.jpg?q=\u00e4">'
    for (const bytes of [Buffer.from(html, 'utf16le'), Buffer.from(html, 'utf16le').swap16()])
      assert.deepEqual(mediaOf(bytes, 'windows-1251'), ['/m/u16.jpg?q=%C3%A4'])
    assert.deepEqual(mediaOf(Buffer.from(html), 'windows-1251'), ['/m/u16.jpg?q=%C3%A4'])
  })

  test('is refused in an encoding that browsers do not decode', () => {
    for (const label of ['iso-2022-kr', 'ISO-2022-CN', 'hz-gb-2312', 'replacement']) {
      assert.throws(() => mediaOf(picture('fc'), label), UnsupportedEncoding)
      assert.throws(() => mediaOf(picture('fc', `<meta charset=${label}>`)), UnsupportedEncoding)
    }
  })

  test('defaults to windows-1252, and to UTF-8 for XHTML', () => {
    assert.deepEqual(mediaOf(picture('fc')), ['/m/%C3%BC.jpg'])
    assert.deepEqual(mediaOf(picture('c3bc'), null, true), ['/m/%C3%BC.jpg'])
    assert.deepEqual(mediaOf(picture('fc'), 'no-charset'), ['/m/%C3%BC.jpg'])
  })
})

test('encodes a query as the URL standard specifies', () => {
  assert.equal(withEncodedQuery('/a?b=\u0444 c#\u0444', 'windows-1251'), '/a?b=%F4%20c#\u0444')
  assert.equal(withEncodedQuery('/a?b=\u5199', 'windows-1251'), '/a?b=%26%2320889%3B')
  assert.equal(withEncodedQuery('/a?b=\u5199', 'ISO-2022-JP'), '/a?b=%1B$B%3CL%1B(B')
  assert.equal(withEncodedQuery('/a?b=\u00e4', 'UTF-16LE'), '/a?b=\u00e4')
  assert.equal(withEncodedQuery('/\u0444#?\u0444', 'windows-1251'), '/\u0444#?\u0444')
  assert.equal(withEncodedQuery('/a?b=%F4\t&c', 'windows-1251'), '/a?b=%F4\t&c')
})
