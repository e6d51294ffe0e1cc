import * as v from 'valibot'
import { isNormalUrl, maxUrlLength } from './url.ts'

/** A schema that accepts the same values as `urlField`. */
export const urlSchema = v.pipe(
  v.string(),
  v.maxLength(maxUrlLength),
  v.check(isNormalUrl, 'not a normalised absolute http(s) URL without fragment and credentials'),
)
