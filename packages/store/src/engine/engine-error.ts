import { StoreError, type StoreErrorCode } from '../store-error.ts'

/** ClickHouse's error numbers (src/Common/ErrorCodes.cpp) that callers can act on. */
const codes = new Map<number, StoreErrorCode>([
  [159, 'too-expensive'], // TIMEOUT_EXCEEDED
  [241, 'too-expensive'], // MEMORY_LIMIT_EXCEEDED
  [394, 'aborted'], // QUERY_WAS_CANCELLED
  [40, 'damaged'], // CHECKSUM_DOESNT_MATCH
  [228, 'damaged'], // SIZES_OF_FILES_IN_TABLES_MISMATCH
  [246, 'damaged'], // CORRUPTED_DATA
  [271, 'damaged'], // CANNOT_DECOMPRESS
  [6, 'bad-rows'], // CANNOT_PARSE_TEXT
  [26, 'bad-rows'], // CANNOT_PARSE_QUOTED_STRING
  [27, 'bad-rows'], // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  [33, 'bad-rows'], // CANNOT_READ_ALL_DATA
  [38, 'bad-rows'], // CANNOT_PARSE_DATE
  [41, 'bad-rows'], // CANNOT_PARSE_DATETIME
  [72, 'bad-rows'], // CANNOT_PARSE_NUMBER
  [117, 'bad-rows'], // INCORRECT_DATA
  [376, 'bad-rows'], // CANNOT_PARSE_UUID
  [349, 'bad-rows'], // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  [691, 'bad-rows'], // UNKNOWN_ELEMENT_OF_ENUM
])

/** Converts an engine's error to this package's error. `clickhouseCode` is the engine's number, if there is one. */
export function engineError(message: string, clickhouseCode: unknown, cause?: unknown): StoreError {
  // The engine quotes the whole statement with its values, so that part is removed.
  const brief = message.replace(/: (?:In scope|While processing) .*/s, '')
  return new StoreError(codes.get(Number(clickhouseCode)) ?? 'query-failed', brief, { cause })
}
