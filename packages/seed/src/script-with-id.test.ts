import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scriptWithId } from './script-with-id.ts'

describe('the script of a page', () => {
  for (const [html, expected] of [
    ['<script type="application/json" id="config">{"a":"<b>"}</script>', '{"a":"<b>"}'],
    ["<SCRIPT\nid='config' type='application/json'>{}</SCRIPT >", '{}'],
    ['<script id=config>{}</script>', '{}'],
    [
      '<script id=other>1</script><script>2</script><script id=config>3</script><script id=config>4</script>',
      '3',
    ],
    ['<script data-id="config">1</script><script id="config-2">2</script>', null],
    ['<scripts id="config">{}</scripts><p id="config">', null],
    ['<script id="config">{}', null],
    ['<script id="config"', null],
    ['', null],
  ] as const) {
    test(`is ${expected ?? 'none'} in ${html}`, () => assert.equal(scriptWithId(html, 'config'), expected))
  }
})
