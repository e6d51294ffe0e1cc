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
  return of === null ? <MissingSection title={title} /> : <>{children(of)}</>
}

/** Says that the server could not answer a part, while the others are shown. */
export function MissingSection({ title }: { readonly title: string }) {
  return (
    <section class="panel partial" role="status">
      <p>{messages.states.partial(title)}</p>
    </section>
  )
}
