import type { PostSummary } from '@peerpress/registry'
import { builder } from '../schema/builder.ts'

/** A published post: its fields refer to reports, whose rows refer to posts. */
export const post = builder.objectRef<PostSummary>('Post')
