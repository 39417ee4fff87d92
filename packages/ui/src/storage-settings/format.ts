/** A text for each plural rule a language has; `other` is for the rest. `{count}` stands for the formatted number. */
export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

export type TextValues = Readonly<Record<string, string>>

/** Puts numbers, sizes, dates and sentences into words of one language. */
export type Format = {
  number(value: number): string
  bytes(value: number): string
  percent(fraction: number): string
  /** A time that something took, in milliseconds or seconds. */
  duration(milliseconds: number): string
  relativeTime(date: Date, now: number): string
  dateTime(date: Date): string
  list(parts: readonly string[]): string
  /** Fills `{name}` places of a text. */
  text(template: string, values: TextValues): string
  plural(forms: PluralForms, count: number, values?: TextValues): string
}

export function createFormat(locale: string): Format {
  const numbers = new Intl.NumberFormat(locale)
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const plurals = new Intl.PluralRules(locale)
  const relativeTimes = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' })
  const lists = new Intl.ListFormat(locale, { type: 'unit' })

  return {
    number: (value) => numbers.format(value),
    bytes: (value) => formatBytes(locale, value),
    percent: (fraction) => percents.format(fraction),
    duration: (milliseconds) => formatDuration(locale, milliseconds),
    relativeTime: (date, now) => formatRelative(relativeTimes, date.getTime() - now),
    dateTime: (date) => dateTimes.format(date),
    list: (parts) => lists.format(parts),
    text: fill,
    plural(forms, count, values = {}) {
      const template = forms[plurals.select(count)] ?? forms.other
      return fill(template, { ...values, count: numbers.format(count) })
    },
  }
}

/** Keeps a name that may be written from right to left, or hold marks of direction, from reordering its sentence. */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`
}

function fill(template: string, values: TextValues): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

function formatBytes(locale: string, bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1)
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power)
}

function formatDuration(locale: string, milliseconds: number): string {
  const [unit, value] =
    milliseconds < 1000 ? ['millisecond', Math.max(1, Math.round(milliseconds))] : ['second', milliseconds / 1000]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)
}

const TIME_UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, milliseconds: number][] = [
  ['year', 365 * 24 * 3_600_000],
  ['month', 30 * 24 * 3_600_000],
  ['week', 7 * 24 * 3_600_000],
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function formatRelative(format: Intl.RelativeTimeFormat, difference: number): string {
  const found = TIME_UNITS.find(([, milliseconds]) => Math.abs(difference) >= milliseconds)
  // Seconds would be wrong before they are read, and a clock that was set back is no news from the future.
  if (!found) return format.format(0, 'second')
  return format.format(Math.trunc(difference / found[1]), found[0])
}
