import * as v from 'valibot'
import { isNormalUrl, maxUrlLength } from './url.ts'

/** What `urlField` takes, as a schema. */
export const urlSchema = v.pipe(
  v.string(),
  v.maxLength(maxUrlLength),
  v.check(isNormalUrl, 'not a normalised absolute http(s) URL without fragment and credentials'),
)
