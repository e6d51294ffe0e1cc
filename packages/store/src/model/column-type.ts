/** The types of ClickHouse's columns that the store writes. */
export type ColumnType =
  | PlainType
  | `Nullable(${PlainType})`
  | 'LowCardinality(String)'
  | 'LowCardinality(Nullable(String))'
  | `Array(Tuple(${string}))`

export type PlainType =
  'UInt16' | 'UInt32' | 'Float32' | 'Float64' | 'UInt64' | 'Bool' | 'String' | 'UUID' | "DateTime64(3, 'UTC')"
