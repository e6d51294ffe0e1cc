import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Notification } from '@peerpress/registry'
import { renderMessage } from './render-message.ts'

const context = {
  timeZone: 'Europe/Berlin',
  page: 'https://peerpress.example/sites/abcdefgh01234567/alerts',
  unsubscribe: 'https://peerpress.example/v1/unsubscribe/x.y',
}
const site = { id: 'abcdefgh01234567', url: 'https://blog.example/' }
const incident: NonNullable<Notification['content']['incident']> = {
  id: '8d3f64a5-5a6b-4d5e-9a4f-6a8f4a1f9b10',
  symptom: 'origin-down',
  severity: 'page',
  summary: 'The site does not answer.',
  since: '2026-05-04T11:57:00.000Z',
  openedAt: '2026-05-04T12:00:00.000Z',
  resolvedAt: null,
}

test("an alert says what is wrong since when, in the site's time zone, and where to go on", () => {
  const content = { site, incident, text: incident.summary }
  assert.deepEqual(renderMessage({ type: 'opened', content }, context), {
    subject: 'Alert: blog.example',
    text: `The site does not answer.

Site: https://blog.example/
Since: 4 May 2026, 13:57 (Europe/Berlin)
All alerts of the site: https://peerpress.example/sites/abcdefgh01234567/alerts

-- 
PeerPress watches blog.example and writes to this address because somebody who manages the site asked for it.
Unsubscribe: https://peerpress.example/v1/unsubscribe/x.y
`,
  })
})

test('the end of an incident repeats what it began with', () => {
  const resolved = { ...incident, resolvedAt: '2026-05-04T12:30:00.000Z' }
  const content = { site, incident: resolved, text: 'The site answers again.' }
  const { subject, text } = renderMessage({ type: 'resolved', content }, context)
  assert.equal(subject, 'Resolved: blog.example')
  assert.match(text, /^The site answers again\.\n\nIt began with: The site does not answer\.\n/)
  assert.match(text, /\nResolved: 4 May 2026, 14:30 \(Europe\/Berlin\)\n/)
})

test('the subject says how urgent it is', () => {
  const subjectOf = (type: Notification['type'], severity: 'page' | 'warning') =>
    renderMessage({ type, content: { site, incident: { ...incident, severity }, text: '' } }, context).subject
  assert.equal(subjectOf('opened', 'warning'), 'Warning: blog.example')
  assert.equal(subjectOf('updated', 'page'), 'Worse now: blog.example')
  const tested = { type: 'test', content: { site, incident: null, text: 'This is a test.' } } as const
  assert.equal(renderMessage(tested, context).subject, 'Test message: blog.example')
})

test('a digest has its text and the unsubscribe link, and names no alerts', () => {
  const content = { site, incident: null, text: 'What to write next:\n- Bread' }
  const { subject, text } = renderMessage({ type: 'digest', content }, context)
  assert.equal(subject, 'Weekly digest: blog.example')
  assert.match(text, /^What to write next:\n- Bread\n\nSite: /)
  assert.match(text, /\nUnsubscribe: https:\/\/peerpress\.example\/v1\/unsubscribe\/x\.y\n$/)
  assert.doesNotMatch(text, /alerts of the site/)
})
