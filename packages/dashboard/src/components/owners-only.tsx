import { messages } from '../messages/messages.ts'

/** Says that a part of a page is for people with another role. `what` completes "Only the owners … see and change". */
export function OwnersOnly({ what }: { readonly what: string }) {
  return <p>{messages.frame.ownersOnly(what)}</p>
}
