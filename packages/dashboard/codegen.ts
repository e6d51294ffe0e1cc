import type { CodegenConfig } from '@graphql-codegen/cli'

/** The queries in `src`, and types of their results, from the API's schema. */
const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        immutableTypes: true,
        dedupeFragments: true,
        scalars: { DateTime: 'string', Bytes: 'number', Count: 'number' },
        strictScalars: true,
      },
    },
  },
}

export default config
