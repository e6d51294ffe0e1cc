import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readPage } from './read-page.ts'
import { parseSrcset } from './srcset.ts'
import { parseStyleUrls } from './style-urls.ts'

function mediaOf(html: string): readonly string[] {
  const origins = ['https://blog.example']
  return readPage({
    html: Buffer.from(html),
    url: 'https://blog.example/a/post/',
    origins,
    maxMedia: 1000,
  }).media
}

describe('media of a page', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a picture', '<img src="1.png">', ['https://blog.example/a/post/1.png']],
    ['entities in an address', '<img src="/1.png?a=1&amp;b=2">', ['https://blog.example/1.png?a=1&b=2']],
    [
      'no part of the page itself, which style sheets and drawings name by a fragment',
      '<style>.a{filter:url(\'#wp-duotone-blue\')}</style><p style="clip-path:url(#clip)"><svg><image href="#i"/></svg>',
      [],
    ],
    [
      'every size of a picture',
      '<img src=/1.png srcset="/1-300.png 300w, /1-600.png 600w">',
      ['https://blog.example/1.png', 'https://blog.example/1-300.png', 'https://blog.example/1-600.png'],
    ],
    [
      'sources of a picture element',
      '<picture><source srcset="/1.avif, /2.avif 2x"><img src=/1.png></picture>',
      ['https://blog.example/1.avif', 'https://blog.example/2.avif', 'https://blog.example/1.png'],
    ],
    [
      'lazy attributes and their noscript copy once',
      '<img data-src="/l.png" src="data:image/gif;base64,AA"><noscript><img src="/l.png"></noscript>',
      ['https://blog.example/l.png'],
    ],
    [
      'a video, its poster and its sources',
      '<video src=/v.mp4 poster=/p.jpg><source src=/v.webm></video>',
      ['https://blog.example/v.mp4', 'https://blog.example/p.jpg', 'https://blog.example/v.webm'],
    ],
    ['audio', '<audio src=/s.mp3>', ['https://blog.example/s.mp3']],
    [
      'links to files, not to pages or actions',
      '<a href=/d.pdf>d</a><a href=/x.ZIP?v=2>x</a><a href=/about/>a</a><a href=/logout?f=a.pdf>l</a><a href=/i.php>i</a><a href=https://other.example>o</a>',
      ['https://blog.example/d.pdf', 'https://blog.example/x.ZIP?v=2'],
    ],
    ['a link marked as a download', '<a download href=/get?id=5>d</a>', ['https://blog.example/get?id=5']],
    [
      'background images of a style attribute',
      `<div style="background:url('/b.jpg')"><p style="background: url(/c.jpg)">`,
      ['https://blog.example/b.jpg', 'https://blog.example/c.jpg'],
    ],
    ['nothing of a script or a comment', '<script>"<img src=/s.png>"</script><!-- <img src=/c.png> -->', []],
    [
      'pictures after an element of a drawing that ends at once',
      '<svg><title/><style/><image href=/d.png /></svg><img src=/1.png><image src=/2.png>',
      ['https://blog.example/d.png', 'https://blog.example/1.png', 'https://blog.example/2.png'],
    ],
    [
      'nothing of a script in the HTML of a drawing, or after HTML that ends it',
      '<svg><foreignObject><script>"<img src=/s.png>"</script></foreignObject></svg><svg><p><script>"<img src=/t.png>"</script>',
      [],
    ],
    [
      'the first of two attributes of one name, in any case',
      '<IMG SRC=/1.png src=/2.png>',
      ['https://blog.example/1.png'],
    ],
    [
      'no relative address after a base that is too long to be one',
      `<base href="/${'x'.repeat(9000)}/"><img src=1.png><img src=https://blog.example/2.png>`,
      ['https://blog.example/2.png'],
    ],
    [
      'no address of another origin',
      '<img src=https://cdn.example/1.png><img src=//blog.example:444/1.png>',
      [],
    ],
    ['the base address', '<base href="/media/"><img src="1.png">', ['https://blog.example/media/1.png']],
    [
      'fragments and repetitions once',
      '<img src=/1.png#a><img src=/1.png#b>',
      ['https://blog.example/1.png'],
    ],
    [
      'no address that is not http(s), has credentials or is not one',
      '<img src="javascript:1"><img src="https://u:p@blog.example/1.png"><img src="http://["><img src=""><img src=ftp://blog.example/1.png>',
      [],
    ],
    [
      'the base address of the document, not of a template, a noscript element or a drawing',
      '<template><base href=/w/></template><noscript><base href=/w/></noscript><svg><base href=/w/ /></svg><img src=t.jpg>',
      ['https://blog.example/a/post/t.jpg'],
    ],
    [
      'what lazy-loading scripts keep in names of their own',
      `<img data-original=/1.jpg><img data-orig-src=/2.jpg><video data-poster=/3.jpg></video>
       <div data-bg=/4.jpg></div><div data-bg="url(/5.jpg)"></div><div data-bg-image="url('/6.jpg')"></div>
       <div data-bgset="/7.jpg 1x, /8.jpg 2x"></div><p data-background="#fff" data-bg="dark" data-back="rgba(0,0,0,.5)">
       <img data-lazy=true>`,
      Array.from({ length: 8 }, (_, index) => `https://blog.example/${index + 1}.jpg`),
    ],
    [
      'pictures that are no img',
      `<style>.a { background: url(/1.jpg) } @font-face { src: url(/f.woff2?v=1) }</style><input type=image src=/2.jpg>
       <input src=/no.jpg><svg><image href=/3.jpg /><image xlink:href="/4.jpg"/></svg><object data=/5.jpg></object>
       <embed src=/6.mp4><table background=/7.jpg><p background=/no.jpg><link rel=preload as=image href=/8.jpg>
       <link rel=stylesheet href=/no.css><style>p { background: image-set('/9.jpg' 1x`,
      ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.mp4', '7.jpg', '8.jpg', '9.jpg'].map(
        (name) => `https://blog.example/${name}`,
      ),
    ],
    ['an address too long to be asked for not at all', `<img src="/${'x'.repeat(2100)}.png">`, []],
  ]
  for (const [what, html, expected] of cases) {
    test(`finds ${what}`, () => assert.deepEqual(mediaOf(html), expected))
  }

  test('media beyond the limit are listed as omitted', () => {
    const html = Buffer.from('<img src=/1.png><img src=/2.png><img src=/3.png>')
    const source = { html, url: 'https://blog.example/', origins: ['https://blog.example'], maxMedia: 1 }
    const { media, omitted } = readPage(source)
    assert.deepEqual(media, ['https://blog.example/1.png'])
    assert.deepEqual(omitted, ['https://blog.example/2.png', 'https://blog.example/3.png'])
  })

  test('unclosed markup ends with the media found so far', () => {
    assert.deepEqual(mediaOf('<img src=/1.png><img src="/2.png'), ['https://blog.example/1.png'])
  })
})

describe('URLs of a srcset', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    [' , ,', []],
    ['a.png', ['a.png']],
    ['a.png 1x,b.png 2x', ['a.png', 'b.png']],
    ['a.png, b.png', ['a.png', 'b.png']],
    ['a,b.png 300w, c.png', ['a,b.png', 'c.png']],
    ['  a.png   300w  ,\n b.png\t600w', ['a.png', 'b.png']],
  ]
  for (const [text, expected] of cases) {
    test(`'${text.trim()}' has ${expected.length} URLs`, () => assert.deepEqual(parseSrcset(text), expected))
  }
})

describe('URLs of a style', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['color: red', []],
    ['background:url(a.png)', ['a.png']],
    ['background:URL( a.png ),url("b.png"), url( \'c d.png\' )', ['a.png', 'b.png', 'c d.png']],
    ['background:url()', ['']],
    ['background:url(a.png', []],
    ['background:url(a b.png),url(c.png)', ['c.png']],
    ['background:url("a.png" x),url(c.png)', ['c.png']],
    ['background:url("a.png),url(c.png)', []],
    ['background:url(a"),url(c.png)', ['c.png']],
    ['background:curl(a.png)', ['a.png']],
    ['background:url(a\\(1\\).png),url("b\\".png"),url(\\63 .png)', ['a(1).png', 'b".png', 'c.png']],
    ['background-image:image-set("a.png" 1x, url(b.png) 2x), "c.png"', ['a.png', 'b.png']],
    ["background-image:-WEBKIT-IMAGE-SET('a.png' type('image/png'))", ['a.png', 'image/png']],
    ['/* url(a.png) */ background:url(b.png) /* url(c.png)', ['b.png']],
  ]
  for (const [style, expected] of cases) {
    test(`'${style}' has ${expected.length}`, () => assert.deepEqual(parseStyleUrls(style), expected))
  }
})
