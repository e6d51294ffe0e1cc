import { answerInThread } from './answer-in-thread.ts'
import { readPage } from './read-page.ts'

answerInThread(readPage)
