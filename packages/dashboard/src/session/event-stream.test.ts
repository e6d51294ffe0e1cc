import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from './event-stream.ts'

async function eventsOf(parts: readonly string[]) {
  const encoder = new TextEncoder()
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (const part of parts) controller.enqueue(encoder.encode(part))
      controller.close()
    },
  })
  const events: { readonly name: string | undefined; readonly data: string }[] = []
  let count = 0
  await readEvents(bytes, {
    onEvent: ({ event: name, data }) => events.push({ name, data }),
    onBytes: () => count++,
  })
  return { events, parts: count }
}

const stream = ':\n\nevent: next\ndata: {"a":"é"}\n\n:\n\nevent: complete\ndata:\n\n'
const expected = [
  { name: 'next', data: '{"a":"é"}' },
  { name: 'complete', data: '' },
]

test('events are read however they are cut, with both ends of lines, and without comments', async () => {
  assert.deepEqual((await eventsOf([stream])).events, expected)
  for (const end of ['\n', '\r\n']) {
    const text = stream.replaceAll('\n', end)
    assert.deepEqual((await eventsOf(text.split(/(?:)/u))).events, expected, JSON.stringify(end))
  }
})

test('a comment is a sign of life, and an event that is not whole is none', async () => {
  assert.deepEqual(await eventsOf([':\n\n', ':\n\n', 'event: next\ndata: 1']), { events: [], parts: 3 })
})

test('an event that never ends is refused', async () => {
  await assert.rejects(eventsOf(Array.from({ length: 20 }, () => 'a'.repeat(100_000))), {
    type: 'max-buffer-size-exceeded',
  })
})
