import { CommunityError } from '../community-error.ts'

/** Characters of a decision's reason, of a report's text and of an appeal's. */
const maxModerationText = 2000

/** Returns a text as it is stored. @throws {CommunityError} `invalid-reason` */
export function moderationText(text: string): string {
  const plain = text.replaceAll('\0', '').toWellFormed().trim()
  if (plain !== '' && plain.length <= maxModerationText) return plain
  throw new CommunityError('invalid-reason', `Write 1 to ${maxModerationText} characters.`)
}
