/** Where the records live: a folder of this process alone, or a Postgres server. */
export type RegistryLocation =
  { readonly directory: string; readonly url?: never } | { readonly url: string; readonly directory?: never }
