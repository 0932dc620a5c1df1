import {scaleLinear} from 'd3-scale'
import {line} from 'd3-shape'

/** A curve of a panel. */
export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** A value that holds for all x. */
export interface Reference {
  readonly name: string
  readonly value: number
}

/** One pair of axes. All panels of a picture share the x axis. */
export interface Panel {
  readonly title: string
  readonly curves: readonly Curve[]
  /** Values to hold the curves against: dashed lines, named at their right end. */
  readonly references?: readonly Reference[]
  /** A point that matters: a ring with a word. */
  readonly mark?: {readonly x: number; readonly y: number; readonly name: string} | undefined
}

export const WIDTH = 760
const PANEL_HEIGHT = 230
const MARGIN = {top: 34, right: 92, bottom: 44, left: 60} as const
/** Told apart also without colours seen alike: from Okabe and Ito's palette. */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const
export const GRAY = '#6b7280'
export const GRID = '#e5e7eb'
const TEXT_HEIGHT = 14

/**
 * Panels of curves below each other, as an SVG document: white ground, no script, no font of its own. The same panels give the same
 * text. Points that are no numbers are left out of their curves.
 */
export function plot(panels: readonly Panel[], xLabel: string): string {
  const height = panels.length * PANEL_HEIGHT
  const xs = panels.flatMap(({curves}) => curves.flatMap(({points}) => points.map(([x]) => x)))
  const range: [number, number] = [Math.min(...xs), Math.max(...xs)]
  const body = panels.map((panel, index) => {
    return `<g transform="translate(0 ${index * PANEL_HEIGHT})">${panelSvg(panel, range, xLabel)}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>\n',
  ].join('\n')
}

type Scale = (value: number) => number

function panelSvg({title, curves, references = [], mark}: Panel, xRange: [number, number], xLabel: string): string {
  const ys = [...curves.flatMap(({points}) => points.map(([, y]) => y)), ...references.map(({value}) => value)]
  const finite = ys.filter(Number.isFinite)
  const [right, bottom] = [WIDTH - MARGIN.right, PANEL_HEIGHT - MARGIN.bottom]
  const [first, last] = xRange
  // one epoch alone stands in the middle
  const x = scaleLinear(first === last ? [first - 1, last + 1] : xRange, [MARGIN.left, right])
  const y = scaleLinear(padded(finite), [bottom, MARGIN.top]).nice(5)
  const parts = [
    `<text x="${MARGIN.left}" y="20" font-weight="600" fill="#111827">${escaped(title)}</text>`,
    ...y.ticks(5).map((tick) => gridLine(y(tick), y.tickFormat(5)(tick))),
    ...x
      .ticks(10)
      .filter(Number.isInteger)
      .map((tick) => xTick(x(tick), bottom, tick)),
    `<text x="${(MARGIN.left + right) / 2}" y="${bottom + 34}" text-anchor="middle" fill="${GRAY}">${escaped(xLabel)}</text>`,
    ...referenceLines(references, y),
    ...curves.map((curve, index) => curveSvg(curve, {x, y}, COLORS[index % COLORS.length] ?? GRAY)),
    mark ? markSvg(x(mark.x), y(mark.y), mark.name) : '',
  ]
  return parts.join('\n')
}

/** A little more than the values take, so that no curve runs along the frame. */
function padded(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1
  return [low - room, high + room]
}

function gridLine(y: number, label: string): string {
  const at = y.toFixed(1)
  return (
    `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="${GRID}"/>` +
    `<text x="${MARGIN.left - 8}" y="${at}" dy="4" text-anchor="end" fill="${GRAY}">${escaped(label)}</text>`
  )
}

function xTick(x: number, bottom: number, tick: number): string {
  return `<text x="${x.toFixed(1)}" y="${bottom + 17}" text-anchor="middle" fill="${GRAY}">${tick}</text>`
}

/** Names that would cover each other stand further down. */
function referenceLines(references: readonly Reference[], y: Scale): string[] {
  const known = references.filter(({value}) => Number.isFinite(value)).sort((a, b) => y(a.value) - y(b.value))
  let free = Number.NEGATIVE_INFINITY
  return known.map(({name, value}) => {
    const textY = Math.max(y(value), free)
    free = textY + TEXT_HEIGHT
    return referenceLine(y(value), textY, name)
  })
}

function referenceLine(y: number, textY: number, name: string): string {
  const at = y.toFixed(1)
  const right = WIDTH - MARGIN.right
  return (
    `<line x1="${MARGIN.left}" x2="${right}" y1="${at}" y2="${at}" stroke="${GRAY}" stroke-dasharray="5 4"/>` +
    `<text x="${right + 6}" y="${textY.toFixed(1)}" dy="4" fill="${GRAY}">${escaped(name)}</text>`
  )
}

function curveSvg({name, points}: Curve, {x, y}: {x: Scale; y: Scale}, color: string): string {
  const known = points.filter(([, value]) => Number.isFinite(value))
  const path = line<readonly [number, number]>(
    ([at]) => Number(x(at).toFixed(1)),
    ([, value]) => Number(y(value).toFixed(1)),
  )(known)
  const dots = known.map(([at, value]) => {
    return `<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.5" fill="${color}"/>`
  })
  return `<g><title>${escaped(name)}</title><path d="${path ?? ''}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}</g>`
}

function markSvg(x: number, y: number, name: string): string {
  return (
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="6" fill="none" stroke="#111827" stroke-width="1.5"/>` +
    `<text x="${x.toFixed(1)}" y="${(y - 11).toFixed(1)}" text-anchor="middle" fill="#111827">${escaped(name)}</text>`
  )
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
