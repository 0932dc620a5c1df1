import {scaleLog} from 'd3-scale'
import {COLORS, escaped, GRAY, GRID, WIDTH} from './plot.js'

/** Values by name, in the order in which they are to be read. */
export interface Ranking {
  readonly kind: 'ranking'
  /** What the values are, with their unit. */
  readonly xLabel: string
  /** At least 0. */
  readonly rows: readonly {readonly name: string; readonly value: number}[]
}

const ROW = 20
const MARGIN = {top: 16, right: 24, bottom: 46, left: 250} as const
/** Characters of a name that fit beside the axis. */
const LONGEST = 34
/** Powers of ten that a picture shows; what is smaller stands at its left edge. */
const DECADES = 6

/** A dot per row on a logarithmic axis, as an SVG document; values of 0 stand at its left edge as rings. */
export function rankingPlot({xLabel, rows}: Ranking): string {
  const height = MARGIN.top + rows.length * ROW + MARGIN.bottom
  const [right, bottom] = [WIDTH - MARGIN.right, MARGIN.top + rows.length * ROW]
  const values = rows.map(({value}) => value).filter((value) => value > 0)
  const most = values.length > 0 ? Math.max(...values) : 1
  const least = Math.max(Math.min(most, ...values), most / 10 ** DECADES)
  const low = 10 ** Math.floor(Math.log10(least))
  const x = scaleLog([low, 10 ** Math.ceil(Math.log10(most) + 1e-9)], [MARGIN.left, right]).clamp(true)
  const ticks = x.ticks().filter((tick) => Number.isInteger(Math.round(1e9 * Math.log10(tick)) / 1e9))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...ticks.map((tick) => tickSvg(x(tick), bottom, tick)),
    ...rows.map(({name, value}, i) => {
      return rowSvg({name, value, y: MARGIN.top + (i + 0.5) * ROW, at: value > low ? x(value) : MARGIN.left})
    }),
    `<text x="${(MARGIN.left + right) / 2}" y="${bottom + 36}" text-anchor="middle" fill="${GRAY}">${escaped(xLabel)}</text>`,
    '</svg>\n',
  ].join('\n')
}

function tickSvg(x: number, bottom: number, tick: number): string {
  const at = x.toFixed(1)
  return (
    `<line x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${bottom}" stroke="${GRID}"/>` +
    `<text x="${at}" y="${bottom + 17}" text-anchor="middle" fill="${GRAY}">${tick >= 0.001 && tick < 1e4 ? tick : tick.toExponential(0)}</text>`
  )
}

interface Row {
  readonly name: string
  readonly value: number
  readonly y: number
  readonly at: number
}

function rowSvg({name, value, y, at}: Row): string {
  const shown = name.length > LONGEST ? `…${name.slice(1 - LONGEST)}` : name
  const [color] = COLORS
  return (
    `<g><title>${escaped(`${name}: ${value.toPrecision(3)}`)}</title>` +
    `<text x="${MARGIN.left - 10}" y="${y.toFixed(1)}" dy="4" text-anchor="end" fill="#111827">${escaped(shown)}</text>` +
    `<line x1="${MARGIN.left}" x2="${at.toFixed(1)}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="${color}" stroke-width="2"/>` +
    `<circle cx="${at.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5" stroke="${color}" fill="${value > 0 ? color : '#ffffff'}"/></g>`
  )
}
