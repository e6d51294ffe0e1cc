import type { ComponentChildren } from 'preact'
import { messages } from '../messages/messages.ts'

interface SectionProps<Value> {
  /** What the section shows; null: the server could not answer this part. */
  readonly of: Value | null
  readonly title: string
  readonly children: (value: Value) => ComponentChildren
}

/** A part of a report that can be missing while the others are shown. */
export function Section<Value>({ of, title, children }: SectionProps<Value>) {
  if (of !== null) return <>{children(of)}</>
  return (
    <section class="panel partial" role="status">
      <p>{messages.states.partial(title)}</p>
    </section>
  )
}
