/** Numbers as people read them. ASCII, English, the same everywhere: nothing depends on the machine's locale. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units and three digits: `439 kB`, `1.71 MB`. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${BYTE_UNITS[unit]}`
}

/** Milliseconds with three digits: `0.148`, `14.7`, `1230`. */
export function msText(ms: number): string {
  return threeDigits(ms)
}

/** Three digits that count, no exponent: `0.0123`, `1.72`, `147`, `28,900`. */
export function threeDigits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))))
  const rounded = Number(value.toPrecision(3))
  return grouped(rounded.toFixed(Math.max(0, 2 - magnitude)))
}

/** A share as whole percent, with a digit more under 10: `26 %`, `4.1 %`; what is not 0 or 1 is not written so: `100.02 %`. */
export function percentText(share: number): string {
  const distance = Math.min(Math.abs(share), Math.abs(share - 1))
  const least = share !== 0 && Math.abs(share) < 0.1 ? 1 : 0
  const digits = distance === 0 ? 0 : Math.min(10, Math.max(least, Math.ceil(-Math.log10(200 * distance))))
  return `${(100 * share).toFixed(digits)} %`
}

/** A factor with two decimals: `1.72`. */
export function factorText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '?'
}

/** Four decimals, enough for one sample in 10,000. */
export function metricText(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4)
}

/** A difference with its sign: `+0.05`, `-1.20`, `0.00`. */
export function signed(value: number, digits = 2): string {
  const text = value.toFixed(digits)
  if (Number(text) === 0) return text.replace('-', '')
  return value > 0 ? `+${text}` : text
}

/** `1 thread`, `2 threads`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

/** The last part of a path. */
export function fileOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
