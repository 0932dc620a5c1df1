/** Figures for people: few digits, a unit, the same everywhere. */

/** `1.71 MB` (10^6, as `--max-size` counts); `null` is `unknown`. */
export function formatBytes(bytes: number | null): string {
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB'])
}

/** `426 k`, `1.2 G`. */
export function formatCount(count: number | null): string {
  return scaled(count, 1000, ['', 'k', 'M', 'G', 'T']).trim()
}

/** `12.5 %`; what is not 0 or 1 has the digits that say so: `99.9996 %`. */
export function formatPercent(share: number | null): string {
  return share === null ? 'unknown' : `${Number((share * 100).toFixed(digitsOf(share)))} %`
}

/** Two, or as many as keep a share from being rounded to 0 or 100 %. */
function digitsOf(share: number): number {
  const distance = Math.min(Math.abs(share), Math.abs(share - 1))
  return distance === 0 ? 2 : Math.min(10, Math.max(2, Math.ceil(-Math.log10(200 * distance))))
}

/** `[N, 1, 28, 28]`; a free size without a name is `?`. */
export function formatShape(shape: readonly (number | string | null)[] | null): string {
  return shape === null ? '[unknown rank]' : `[${shape.map((size) => size ?? '?').join(', ')}]`
}

function scaled(value: number | null, step: number, units: readonly string[]): string {
  if (value === null) return 'unknown'
  let [rest, rank] = [value, 0]
  while (rest >= step && rank < units.length - 1) {
    rest /= step
    rank++
  }
  const digits = rank === 0 ? rest : Number(rest.toPrecision(3))
  return `${digits} ${units[rank]}`
}
