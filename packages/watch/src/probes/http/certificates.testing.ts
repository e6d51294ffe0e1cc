import { generate } from 'selfsigned'

/** A server's certificate and its key, PEM. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

const dayMs = 86_400_000

/** Makes a certificate that signs itself for a name. `validFor`: days from now; negative if it has expired. */
export async function testCertificate(
  name: string,
  { validFor }: { readonly validFor: number },
): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notBeforeDate: new Date(Date.now() - 30 * dayMs),
    notAfterDate: new Date(Date.now() + validFor * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  })
  return { cert: made.cert, key: made.private }
}
