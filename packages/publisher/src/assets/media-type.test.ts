import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeliverable, isMasquerading, sniffedType } from './media-type.ts'
import { mp4, png } from '../test-site.testing.ts'

describe('content that may travel between readers', () => {
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
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.oasis.opendocument.text',
    'application/vnd.ms-powerpoint.presentation.macroenabled.12',
    'application/postscript',
    'binary/octet-stream',
  ]) {
    test(`${type} is allowed`, () => assert.ok(isAllowed(type)))
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
    'application/xml',
    'application/rss+xml',
    'application/x-shockwave-flash',
    'application/x-httpd-php',
    'application/x-web-app-manifest+json',
    'text/cache-manifest',
    'image/svg+xml',
    'multipart/form-data',
  ]) {
    test(`${type} is refused`, () => assert.ok(!isAllowed(type)))
  }
  for (const path of ['/a.js', '/a.MJS', '/a.css?v=1', '/a.html', '/index.php', '/a.svg']) {
    test(`${path} is refused regardless of its type`, () =>
      assert.ok(!isAllowed('application/octet-stream', path)))
  }
})

describe('bytes that do not match their type', () => {
  for (const text of [
    '<!DOCTYPE html>',
    '\n\t <html>',
    '\ufeff<script>',
    '<?xml version="1.0"?>',
    '<svg xmlns=',
    '<?php',
  ]) {
    for (const type of ['image/png', 'application/zip', 'video/x-unknown']) {
      test(`${JSON.stringify(text)} as ${type} is detected`, () =>
        assert.ok(isMasquerading(type, Buffer.from(text))))
    }
  }
  test('detects a script sent as a picture', () =>
    assert.ok(isMasquerading('image/jpeg', Buffer.from('alert(1)'))))
  test('refuses an unknown picture type', () => assert.ok(isMasquerading('image/x-new', png(64))))
  test('accepts a picture and a video', () => {
    assert.ok(!isMasquerading('image/png', png(64)))
    assert.ok(!isMasquerading('video/mp4', mp4(64)))
    assert.ok(!isMasquerading('image/webp', Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1')))
  })
})

describe('the type that a browser uses for bytes', () => {
  const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex')
  test('is that of their signature if the response names none', () => {
    for (const type of [null, 'binary/octet-stream']) {
      assert.equal(sniffedType(type, jpeg), 'image/jpeg')
      assert.equal(sniffedType(type, png(64)), 'image/png')
      assert.equal(sniffedType(type, Buffer.from('\0\0\0\x1cftypavif', 'latin1')), 'image/avif')
      assert.equal(sniffedType(type, Buffer.from('\0\0\0\x1cftypisom', 'latin1')), 'video/mp4')
      assert.equal(sniffedType(type, Buffer.from('some text')), type)
      assert.equal(sniffedType(type, Buffer.from('<svg xmlns=')), type)
    }
  })
  test('is that of the actual picture if the response names another picture type', () => {
    assert.equal(sniffedType('image/jpeg', png(64)), 'image/png')
    assert.equal(sniffedType('image/png', Buffer.from('<svg xmlns=')), 'image/png')
    assert.equal(sniffedType('image/svg+xml', jpeg), 'image/svg+xml')
  })
  test('is otherwise that of the response', () => {
    assert.equal(sniffedType('application/octet-stream', jpeg), 'application/octet-stream')
    assert.equal(sniffedType('video/mp4', jpeg), 'video/mp4')
  })
})
