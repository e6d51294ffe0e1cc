import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeliverable, isMasquerading, parseMediaType } from './media-type.ts'
import { mp4, png } from './test-site.testing.ts'

describe('what may travel between readers', () => {
  const isAllowed = (type: string, path = '/file') =>
    isDeliverable(type, new URL(path, 'https://blog.example'))

  for (const type of [
    'image/png',
    'image/avif',
    'video/mp4',
    'audio/mpeg',
    'font/woff2',
    'application/pdf',
    'application/zip',
  ]) {
    test(`${type} may`, () => assert.ok(isAllowed(type)))
  }
  for (const type of [
    'text/html',
    'text/css',
    'text/javascript',
    'text/plain',
    'application/javascript',
    'application/x-javascript',
    'application/xhtml+xml',
    'application/json',
    'application/ld+json',
    'application/manifest+json',
    'application/wasm',
    'image/svg+xml',
    'multipart/form-data',
  ]) {
    test(`${type} may not`, () => assert.ok(!isAllowed(type)))
  }
  for (const path of ['/a.js', '/a.MJS', '/a.css?v=1', '/a.html', '/index.php', '/a.svg']) {
    test(`${path} may not, whatever its type`, () => assert.ok(!isAllowed('application/octet-stream', path)))
  }

  test('a media type is read without its parameters', () => {
    assert.equal(parseMediaType('Image/PNG; charset=binary'), 'image/png')
    for (const header of [null, '', 'png', 'a/b/c', 'image/png,image/gif', '*/*'])
      assert.equal(parseMediaType(header), null)
  })
})

describe('bytes that are not what their type says', () => {
  for (const text of [
    '<!DOCTYPE html>',
    '\n\t <html>',
    '\ufeff<script>',
    '<?xml version="1.0"?>',
    '<svg xmlns=',
    '<?php',
  ]) {
    for (const type of ['image/png', 'application/zip', 'video/x-unknown']) {
      test(`${JSON.stringify(text)} as ${type} is found out`, () =>
        assert.ok(isMasquerading(type, Buffer.from(text))))
    }
  }
  test('a script as a picture is found out', () =>
    assert.ok(isMasquerading('image/jpeg', Buffer.from('alert(1)'))))
  test('a picture of a kind nobody knows is not believed', () =>
    assert.ok(isMasquerading('image/x-new', png(64))))
  test('a picture and a video are believed', () => {
    assert.ok(!isMasquerading('image/png', png(64)))
    assert.ok(!isMasquerading('video/mp4', mp4(64)))
    assert.ok(!isMasquerading('image/webp', Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1')))
  })
})
