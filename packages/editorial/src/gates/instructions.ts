import { foldedWords, sentencesOf } from '../facts/words.ts'

/** Folded words and beginnings of words that tell a model to leave something. */
const verbs =
  /^(?:ignor|disregard|forget|overrid|bypass|vergiss|vergessen|oublie|olvid|esque|dimentic|negeer|missacht|zignoruj)/
/** Folded beginnings of words for what a model should leave. */
const objects =
  /^(?:instruct|instruc|prompt|rule|guideline|previous|prior|above|everything|anweisung|anleitung|regel|istruzion|consigne|precedent|anterior|instrukc)/
/** Words between the two, at most. */
const maxDistance = 10

/** Marks by which models' templates separate roles. */
const templateMarks = ['<|', '|>', '[INST]', '[/INST]', '<system>', '</system>']

const phrases =
  /\b(?:system|developer) (?:prompt|message|instructions?)\b|\byou are (?:now|no longer) |\bas an? (?:ai|language model)\b|\bnew instructions?:/iu

/**
 * Whether a sentence addresses a model and not a reader. Such a sentence is evidence of nothing: its numbers and names support no
 * claim, and no model gets it.
 */
function isInstruction(sentence: string): boolean {
  if (templateMarks.some((mark) => sentence.includes(mark)) || phrases.test(sentence)) return true
  if (/忽略|无视|無視/u.test(sentence) && /指示|指令|说明|命令/u.test(sentence)) return true
  let lastVerb = -Infinity
  return foldedWords(sentence, 'und').some((word, index) => {
    if (verbs.test(word)) lastVerb = index
    return objects.test(word) && index - lastVerb <= maxDistance
  })
}

/** Returns a text without the sentences that are instructions to a model. */
export function withoutInstructions(text: string, language: string | null): string {
  if (!isInstruction(text)) return text
  return text
    .split('\n')
    .map((line) =>
      sentencesOf(line, language ?? 'und')
        .filter((sentence) => !isInstruction(sentence))
        .join(' '),
    )
    .join('\n')
}
