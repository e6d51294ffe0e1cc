import type { DraftRefusal, EvidenceItem, RefusalCode } from '@peerpress/registry'
import { isWithin, type StatedDate } from '../facts/dates.ts'
import { type Figure, type Figures, figuresIn } from '../facts/figures.ts'
import { type DraftPart, type GateInput, partsOf, quoted } from './gate.ts'
import { statedBy } from './evidence-text.ts'

/** The figures that evidence supports. */
interface KnownFigures {
  readonly dates: readonly StatedDate[]
  readonly prices: ReadonlySet<string>
  readonly numbers: ReadonlySet<string>
  readonly currencies: ReadonlySet<string>
}

/** Refuses texts with a number that their evidence does not contain. A year is contained if a date has it. */
export function numbersGate(input: GateInput): DraftRefusal[] {
  return refuse(input, 'number', (part, known) =>
    unknownIn(part.numbers, (reading) => known.numbers.has(reading) || isYearOf(reading, known.dates)),
  )
}

/** Refuses texts with a date that is not in their evidence, or is more exact than there. */
export function datesGate(input: GateInput): DraftRefusal[] {
  return refuse(input, 'date', (part, known) =>
    part.dates
      .filter(({ readings }) => !readings.some((date) => known.dates.some((each) => isWithin(date, each))))
      .map(({ written }) => written),
  )
}

/**
 * Refuses texts with a price that their evidence does not contain. A number supports a price if the evidence names the currency
 * apart from any number, as the head of a table does.
 */
export function pricesGate(input: GateInput): DraftRefusal[] {
  return refuse(input, 'price', (part, known) =>
    unknownIn(part.prices, (reading) => {
      const [currency = '', value = ''] = reading.split(' ')
      return known.prices.has(reading) || (known.currencies.has(currency) && known.numbers.has(value))
    }),
  )
}

function refuse(
  input: GateInput,
  code: RefusalCode,
  unknownOf: (part: Figures, known: KnownFigures) => readonly string[],
): DraftRefusal[] {
  const known = knownOf(input.language)
  return partsOf(input).flatMap(({ section, claim, text, evidence }: DraftPart) =>
    [...new Set(unknownOf(figuresIn(text, input.language), known(evidence)))].map((written) => ({
      section,
      claim,
      code,
      reason: `The ${code} ${quoted(written)} is not in the evidence that is cited here.`,
    })),
  )
}

function unknownIn(figures: readonly Figure[], isKnown: (reading: string) => boolean): string[] {
  return figures.filter(({ readings }) => !readings.some(isKnown)).map(({ written }) => written)
}

function isYearOf(reading: string, dates: readonly StatedDate[]): boolean {
  return /^\d{4}$/.test(reading) && dates.some(({ year }) => year === Number(reading))
}

/** Returns a function that collects the figures of items, and reads each item once. */
function knownOf(language: string): (items: readonly EvidenceItem[]) => KnownFigures {
  const read = new Map<string, Figures>()
  const figuresOf = (item: EvidenceItem) => {
    const found = read.get(item.id) ?? figuresIn(statedBy(item), item.language ?? null)
    read.set(item.id, found)
    return found
  }
  return (items) => {
    const all = items.map((item) => figuresOf(item))
    return {
      dates: [
        ...items.map(({ date }) => figuresIn(date, language).dates).flatMap(readingsOf),
        ...all.flatMap(({ dates }) => readingsOf(dates)),
      ],
      prices: new Set(all.flatMap(({ prices }) => prices.flatMap(({ readings }) => readings))),
      numbers: new Set(all.flatMap(({ numbers }) => numbers.flatMap(({ readings }) => readings))),
      currencies: new Set(all.flatMap(({ currencies }) => [...currencies])),
    }
  }
}

function readingsOf(dates: Figures['dates']): StatedDate[] {
  return dates.flatMap(({ readings }) => readings)
}
