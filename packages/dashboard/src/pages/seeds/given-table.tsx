import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { SaveCsv } from '../../components/tables/save-csv.tsx'
import type { LentDayFragment } from '../../generated/graphql.ts'
import { countryName, format } from '../../report/page-format.ts'
import { seedsMessages } from '../../messages/seeds-messages.ts'

const texts = seedsMessages.givenTable

interface GivenTableProps {
  readonly title: string
  /** The sentence that replaces an empty table. */
  readonly absence: string
  /** Heading of the column with the other site. */
  readonly partner: string
  readonly rows: readonly (LentDayFragment & { readonly partner: string })[]
  readonly children?: ComponentChildren
}

interface Total {
  readonly partner: string
  readonly country: string
  bytes: number
  days: number
}

/** What seeds gave in 30 days, by partner and country of the seed, the most first. */
export function GivenTable({ title, absence, partner, rows, children }: GivenTableProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {rows.length > 0 && (
          <SaveCsv
            caption={title}
            csv={() => ({
              header: [partner, texts.bytes, texts.countryOfSeed, texts.days],
              rows: totalsOf(rows).map(({ partner: name, country, days, bytes }) => [
                name,
                bytes,
                countryName(country),
                days,
              ]),
            })}
          />
        )}
      </div>
      {rows.length === 0 ? (
        <p>{absence}</p>
      ) : (
        <>
          <div class="table-scroll" role="region" aria-label={texts.table(title)} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{partner}</th>
                  <th scope="col">{texts.bytes}</th>
                  <th scope="col">{texts.countryOfSeed}</th>
                  <th scope="col">{texts.days}</th>
                </tr>
              </thead>
              <tbody>
                {totalsOf(rows).map(({ partner: name, country, days, bytes }) => (
                  <tr key={`${name} ${country}`}>
                    <th scope="row">{name}</th>
                    <td class="number">{format.bytes(bytes)}</td>
                    <td>{countryName(country)}</td>
                    <td class="number">{days}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {children}
    </section>
  )
}

function totalsOf(rows: GivenTableProps['rows']): readonly Total[] {
  const totals = new Map<string, Total>()
  for (const { partner, country, bytes } of rows) {
    const key = `${partner} ${country}`
    const total = totals.get(key) ?? { partner, country, bytes: 0, days: 0 }
    total.bytes += bytes
    total.days++
    totals.set(key, total)
  }
  return [...totals.values()].toSorted((a, b) => b.bytes - a.bytes)
}
