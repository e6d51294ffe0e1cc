/** Throws what the server reports that a person can correct. */
export function requireDone({
  userErrors,
}: {
  readonly userErrors: readonly { readonly message: string }[]
}): void {
  const [first] = userErrors
  if (first !== undefined) throw new Error(first.message)
}

/**
 * Returns a field of a mutation's result. It is null only beside `userErrors`, which refuse the request of a document that does not
 * select them.
 */
export function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('The server gave an empty answer.')
  return value
}
