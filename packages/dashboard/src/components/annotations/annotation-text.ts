import type { AnnotationFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'

/** Returns what an annotation says. `nameOf` names a post. */
export function annotationText(
  { kind, subject, text }: AnnotationFragment,
  nameOf: (postId: string) => string,
): string {
  const { annotations } = messages
  switch (kind) {
    case 'NOTE':
      return text ?? ''
    case 'PUBLICATION':
      return annotations.publication(nameOf(subject ?? ''), text ?? '')
    case 'REVOCATION':
      return annotations.revocation(nameOf(subject ?? ''))
    case 'RELEASE':
      return annotations.release(text ?? '', subject ?? '')
    case 'POLICY':
      return annotations.policy(
        annotations.modes[subject as keyof typeof annotations.modes] ?? subject ?? '',
        annotations.consents[text as keyof typeof annotations.consents] ?? text ?? '',
      )
  }
}
