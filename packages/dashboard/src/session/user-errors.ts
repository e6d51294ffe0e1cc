/** Throws what the server reports that a person can correct. */
export function requireDone({
  userErrors,
}: {
  readonly userErrors: readonly { readonly message: string }[]
}): void {
  const [first] = userErrors
  if (first !== undefined) throw new Error(first.message)
}
