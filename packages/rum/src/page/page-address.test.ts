import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { pageAddress } from './page-address.ts'

const at = (address: string, hashRoutes?: boolean) => pageAddress(new URL(address), hashRoutes)

suite('pageAddress', () => {
  test('removes query and fragment', () => {
    assert.equal(at('https://blog.example/a?b=1#/two'), 'https://blog.example/a')
  })

  test('includes the route of a fragment, without its query, if requested', () => {
    assert.equal(at('https://blog.example/a?b=1#/two?token=1', true), 'https://blog.example/a%23/two')
    assert.equal(at('https://blog.example/#!/two', true), 'https://blog.example/%23!/two')
    assert.equal(at('https://blog.example/#/{x}|ü', true), new URL('https://blog.example/%23/{x}|ü').href)
  })

  test('ignores a fragment that is not a route', () => {
    for (const fragment of ['', '#', '#part', '#access_token=secret', '#:~:text=word'])
      assert.equal(at(`https://blog.example/a${fragment}`, true), 'https://blog.example/a')
  })
})
