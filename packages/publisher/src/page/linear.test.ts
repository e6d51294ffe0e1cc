import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseSrcset } from './srcset.ts'
import { CountingText, countSteps, type StepCounter } from './steps.testing.ts'
import { parseStyleUrls } from './style-urls.ts'

const size = 2000

/** Checks that the work at most doubles with the length. A constant part may make the growth smaller. */
function assertLinear(steps: number, doubled: number): void {
  assert.ok(steps > size, `only ${steps} steps were counted`)
  assert.ok(doubled <= 2.2 * steps, `${steps} steps became ${doubled} when the text doubled`)
}

const pages: Readonly<Record<string, (length: number) => string>> = {
  'nested tags': (n) => '<div>'.repeat(n) + '</div>'.repeat(n),
  'nested tags of many names': (n) =>
    Array.from({ length: n }, (_, i) => `<x${i}>`).join('') + '</x0>'.repeat(n),
  'tags that imply the end of others': (n) => '<p><li><td><tr>'.repeat(n),
  'nested forms': (n) => '<form>'.repeat(n),
  'ends of nothing': (n) => '<div>'.repeat(n) + '</p></span></br>'.repeat(n),
  'nested drawings': (n) => '<svg>'.repeat(n) + '</math></desc>'.repeat(n),
  'drawings with HTML in them': (n) => '<svg><foreignObject>'.repeat(n) + '</svg>'.repeat(n),
  'drawings that HTML ends': (n) => '<svg><math><title><p>'.repeat(n),
  'elements of a drawing that end at once': (n) => `<svg>${'<title/><style/><svg/>'.repeat(n)}`,
  'attributes of one tag': (n) => `<img ${Array.from({ length: n }, (_, i) => `a${i}=b`).join(' ')}>`,
  'one attribute again and again': (n) => `<img ${'src=a '.repeat(n)}>`,
  'attributes without names': (n) => `<img ${'="a" '.repeat(n)}>`,
  'entities in an attribute': (n) => `<img src="${'&amp;&#65;&notit;'.repeat(n)}">`,
  'beginnings of entities': (n) => `<img src="${'&&amp&#&#x'.repeat(n)}">${'&&amp&#&#x&Counter'.repeat(n)}`,
  'a number of many digits': (n) => `<img src="&#${'1'.repeat(n)}">`,
  'attributes that do not end': (n) => '<img src="'.repeat(n),
  'comments that do not end': (n) => '<!--'.repeat(n),
  'almost ends of a comment': (n) => `<!--${'--!-->'.slice(0, 5).repeat(n)}`,
  'declarations that do not end': (n) => '<!doctype <![CDATA[ <?'.repeat(n),
  'beginnings of tags': (n) => '<'.repeat(n) + '<a'.repeat(n) + '</'.repeat(n),
  'almost ends of a script': (n) => `<script>${'</scrip</script<!--'.repeat(n)}`,
  'almost ends of a title': (n) => `<title>${'&amp</titl'.repeat(n)}`,
  'almost ends of a text area': (n) => `<textarea>${'</textare'.repeat(n)}`,
  pictures: (n) => Array.from({ length: n }, (_, i) => `<img src=/${i}.png>`).join(''),
  'pictures elsewhere': (n) => Array.from({ length: n }, (_, i) => `<img src=//x/${i}.png>`).join(''),
  bodies: (n) => '<body><base href=/x/>'.repeat(n),
  links: (n) => `<a href="${'/.'.repeat(n)}">${'<a href=/d.pdf download>'.repeat(n)}`,
  'candidates of a srcset': (n) => `<img srcset="${'a.png 1x, '.repeat(n)}">`,
  'nested templates': (n) => '<template><noscript>'.repeat(n) + '</template>'.repeat(n),
  'style elements': (n) => '<style>a{b:url(c)}</style><style/>'.repeat(n),
  'a style element that does not end': (n) => `<style>${'</styl url(a) "/*'.repeat(n)}`,
  'lazy names': (n) => `<p ${'data-bg=a.b/ '.repeat(n)} data-bgset="${'a.b 1x, '.repeat(n)}">`,
  'addresses of a style': (n) => `<p style="${'a:url( "b" );'.repeat(n)}">`,
}

describe('the work to read a page', { timeout: 120_000 }, () => {
  let counter: StepCounter
  let readPage: typeof import('./read-page.ts').readPage

  before(async () => {
    counter = await countSteps(['/publisher/src/page/', '/htmlparser2/', '/entities/'])
    ;({ readPage } = await import('./read-page.ts'))
  })
  after(() => counter.close())

  const stepsFor = (html: string) =>
    counter.count(() => {
      const origins = ['https://blog.example']
      readPage({ html: Buffer.from(html), url: 'https://blog.example/', origins, maxMedia: 2000 })
    })

  for (const [what, page] of Object.entries(pages)) {
    test(`is proportional to its length: ${what}`, async () => {
      await stepsFor(page(size))
      assertLinear(await stepsFor(page(size)), await stepsFor(page(2 * size)))
    })
  }
})

describe('the work to read an attribute', () => {
  const candidates = [
    ' ',
    ',',
    'a',
    'a,',
    ',a',
    'a ',
    'a, ',
    'a ,',
    'a b',
    'a b,',
    'a,,',
    'a (',
    ' ,',
    '\u00a0',
  ]
  const styles = [
    'u',
    'url',
    'url(',
    'URL( ',
    'url("',
    "url('",
    'url("")',
    'url(a)',
    'url(a',
    'url(a"',
    `url("'`,
    'image-set(',
    'image-set("a"',
    'url(\\',
    'url("\\',
    '/*',
    '/* */',
    '\\(',
  ]
  const texts = candidates.concat(styles)
  for (const parse of [parseSrcset, parseStyleUrls]) {
    for (const text of texts) {
      test(`is proportional to its length: ${parse.name} of repeated '${text}'`, () => {
        const steps = (length: number) => {
          const counting = new CountingText(text.repeat(length))
          parse(counting as unknown as string)
          return counting.steps
        }
        assertLinear(steps(size + 1), steps(2 * size + 2))
      })
    }
  }
})
