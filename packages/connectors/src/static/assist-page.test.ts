import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bareOf, isReadBack, markOf, withScripts } from './assist-page.ts'

const scripts = (mark: string) =>
  `<script type="application/json" id="peerpress-config" data-peerpress="${mark}">{}</script>
<script defer src="https://p.example/v1/visitor.js" data-peerpress="${mark}"></script>
`

/** Inserts the scripts as a run does, and checks that a second run changes nothing and a removal restores each byte. */
async function assist(page: string | Buffer): Promise<string> {
  const bytes = Buffer.from(page as string)
  const bare = await bareOf(bytes)
  if (typeof bare === 'string') throw new Error(bare)
  const first = withScripts(bare, scripts(bare.mark))
  const again = await bareOf(first)
  if (typeof again === 'string') throw new Error(again)
  assert.deepEqual(again.html, bytes)
  assert.equal(again.mark, bare.mark)
  assert.deepEqual(withScripts(again, scripts(again.mark)), first)
  assert.equal(await markOf(first), bare.mark)
  return first.toString('latin1').replace(scripts(bare.mark), '[scripts]')
}

const places: Readonly<Record<string, readonly [page: string, expected: string]>> = {
  'at the end of the body': [
    '<!doctype html><html><body><p>a</p></body></html>\n',
    '<!doctype html><html><body><p>a</p>[scripts]</body></html>\n',
  ],
  'before the end of the document, without an end of the body': [
    '<html><p>a</html>\n',
    '<html><p>a[scripts]</html>\n',
  ],
  'at the end of a page without end tags': [
    '<!doctype html><title>a</title><p>a',
    '<!doctype html><title>a</title><p>a[scripts]',
  ],
  'with line ends of Windows': [
    '<!doctype html>\r\n<body>\r\n<p>a</p>\r\n</body>\r\n</html>\r\n',
    '<!doctype html>\r\n<body>\r\n<p>a</p>\r\n[scripts]</body>\r\n</html>\r\n',
  ],
  'after an end of the body in a comment, a script, a template, a text area and an attribute': [
    `<body><!-- </body> --><script>"</body>"</script><template></body></template><textarea></body></textarea>
<p title="</body>"></p><noscript></body></noscript><style></body></style></BODY >`,
    `<body><!-- </body> --><script>"</body>"</script><template></body></template><textarea></body></textarea>
<p title="</body>"></p><noscript></body></noscript><style></body></style>[scripts]</BODY >`,
  ],
  'before the last of several ends': ['<body>a</body>b</body>', '<body>a</body>b[scripts]</body>'],
  'into a page that loads itself again': [
    '<!doctype html><meta http-equiv=refresh content=300><body></body>',
    '<!doctype html><meta http-equiv=refresh content=300><body>[scripts]</body>',
  ],
  'in a page with zero characters and a lone carriage return': [
    '<!doctype html>' + 'x'.repeat(300) + '\0\r</body>',
    '<!doctype html>' + 'x'.repeat(300) + '\0\r[scripts]</body>',
  ],
}

describe('scripts are inserted', () => {
  for (const [name, [page, expected]] of Object.entries(places)) {
    test(name, async () => assert.equal(await assist(page), expected))
  }

  test('into pages of legacy encodings without changing another byte', async () => {
    const bytes = Buffer.concat([
      Buffer.from('<!doctype html><meta charset="shift_jis"><body>'),
      Buffer.from([0x83, 0x5c, 0x95, 0x5c, 0xff, 0x80]),
      Buffer.from('</body>'),
    ])
    await assist(bytes)
  })
})

describe('a page stays as it is', () => {
  const refusals: Readonly<Record<string, readonly [string | Buffer, string]>> = {
    'that is a part of a page': ['<p>a</p>', 'no-page'],
    'that proves an ownership by its exact content': ['google-site-verification: google1.html', 'no-page'],
    'that is empty': ['', 'no-page'],
    'that has a configuration of its own': [
      '<body><script type="application/json" id=peerpress-config>{}</script>',
      'own-configuration',
    ],
    'that is an AMP page': ['<!doctype html><html amp><body>a</body></html>', 'amp'],
    'that is an AMP page with a lightning': ['<!doctype html><html ⚡ lang=en><body>a</body></html>', 'amp'],
    'that leads to another page': [
      '<!doctype html><meta http-equiv="Refresh" content="0; url=/new/">',
      'redirect',
    ],
    'in UTF-16': [Buffer.from('\ufeff<!doctype html><body>a', 'utf16le'), 'encoding'],
    'in UTF-16 without a byte order mark': [Buffer.from('<!doctype html><body>a', 'utf16le'), 'encoding'],
    'with drawings in drawings': [`<body>${'<svg>'.repeat(100_000)}`, 'unreadable'],
  }
  for (const [name, [page, refusal]] of Object.entries(refusals)) {
    test(name, async () => assert.equal(await bareOf(Buffer.from(page as string)), refusal))
  }
})

test('drawings beside each other are not nested', async () => {
  await assist(`<body>${'<svg><path d="M0 0"/></svg>'.repeat(2000)}</body>`)
})

test('the mark changes with the content of the page, and with nothing else', async () => {
  const marks = await Promise.all(
    ['<body>a', '<body>b', `<body>a${scripts('x')}`].map(async (page) => {
      const bare = await bareOf(Buffer.from(page))
      return typeof bare === 'string' ? bare : bare.mark
    }),
  )
  assert.notEqual(marks[0], marks[1])
  assert.equal(marks[0], marks[2])
})

test('scripts of an earlier run are removed wherever a build step moved them', async () => {
  const moved = `<!doctype html><head>${scripts('x')}</head><body>a${scripts('y').trimEnd()}</body>`
  const bare = await bareOf(Buffer.from(moved))
  assert.ok(typeof bare !== 'string')
  assert.equal(bare.html.toString(), '<!doctype html><head></head><body>a</body>')
  assert.equal(bare.html.subarray(bare.end).toString(), '</body>')
})

/** Beginnings and ends of everything that changes how a parser reads what follows. */
const fragments =
  '<html>|<body>|</body>|</html>|<p>|<!--|-->|<script>|</script>|<style>|</style>|<template>|</template>|<svg>|</svg>|<math>' +
  '|</math>|<foreignObject>|<title>|</title>|<textarea>|</textarea>|<noscript>|</noscript>|"|<a href="|>|\r\n|\r|\n|&|ä' +
  '|<plaintext>|<![CDATA[|]]>|<select>|<script data-peerpress="x">|<table>|<iframe>|</iframe>|\0'

test('whatever a page holds, the next run finds exactly the scripts of this one, or none are inserted', async () => {
  let inserted = 0
  const page = fc.array(fc.constantFrom(...fragments.split('|')), { maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(page, async (parts) => {
      const bare = await bareOf(Buffer.from(`<!doctype html>${parts.join('')}`))
      if (typeof bare === 'string') return
      const assisted = withScripts(bare, scripts(bare.mark))
      if (!(await isReadBack(assisted, bare))) return
      inserted++
      assert.deepEqual(await bareOf(assisted), bare)
      assert.equal(await markOf(assisted), bare.mark)
    }),
    { numRuns: 2000 },
  )
  assert.ok(inserted > 100, `only ${inserted} pages got scripts`)
})

test('scripts that an open comment or element swallows are not read back', async () => {
  for (const end of ['<!-- a', '<script>', '<textarea>', '<noscript>', '<plaintext>', '<a title="']) {
    const bare = await bareOf(Buffer.from(`<!doctype html><body>${end}`))
    assert.ok(typeof bare !== 'string')
    assert.equal(await isReadBack(withScripts(bare, scripts(bare.mark)), bare), false, end)
  }
})
