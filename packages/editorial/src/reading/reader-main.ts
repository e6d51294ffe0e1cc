import { answerInThread } from '@peerpress/publisher/page-thread'
import { maxUploadItems } from './limits.ts'
import { type ArticleSource, readArticle } from './read-article.ts'
import { readUpload, type UploadSource } from './read-upload.ts'

answerInThread((source: ArticleSource | UploadSource) =>
  source.kind === 'page' ? readArticle(source) : readUpload(source, maxUploadItems),
)
