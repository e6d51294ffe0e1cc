import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBase64Url } from '../encoding/base64.ts'
import { decodePageConfig, type PageConfig } from './page-config.ts'
import { encodePageScripts } from './page-scripts.ts'

const config: PageConfig = {
  site: 'abcdefgh01234567',
  post: '1',
  server: 'https://peerpress.example',
  key: encodeBase64Url(new Uint8Array(32)),
  mode: 'full',
  consent: 'notice',
  notice: { script: '/notice.js', text: 'Größe 🌍 </script><!--' },
  control: 0.05,
  worker: '/worker.js',
  scripts: { rum: 'https://peerpress.example/rum.js', swarm: 'https://peerpress.example/swarm.js' },
}

test('the elements are ASCII, and their configuration is the one that was encoded', () => {
  const html = encodePageScripts({ config, loader: 'https://peerpress.example/v1/visitor.js?a=1&b="<' })
  const [, json = '', loader = ''] =
    /^<script type="application\/json" id="peerpress-config">([^<]*)<\/script>\n<script defer src="([^"]*)"><\/script>\n$/.exec(
      html,
    ) ?? []
  assert.deepEqual(decodePageConfig(json), config)
  assert.equal(loader, 'https://peerpress.example/v1/visitor.js?a=1&amp;b=&quot;&lt;')
  assert.match(html, /^[\n\x20-\x7e]*$/)
})

test('a mark is an attribute of both elements', () => {
  const html = encodePageScripts({ config, loader: 'https://peerpress.example/v1/visitor.js', mark: '0a' })
  assert.equal(html.split(' data-peerpress="0a">').length, 3)
})
