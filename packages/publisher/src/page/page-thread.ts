// What a thread that reads pages needs, and nothing else of this package.
export { answerInThread } from './answer-in-thread.ts'
export { decodePage } from './charset.ts'
export { isChallenge } from '../fetch/challenge.ts'
export { readPage } from './read-page.ts'
