import type {Feeds} from '../../data/dataset.js'
import {evaluateDim, namesIn} from '../../ir/dim.js'
import type {Model} from '../../ir/model.js'
import type {ShapeOptions} from '../../options/common.js'
import {smallestLengthTable} from '../../runtime/inputs/length-tables.js'
import {type KnownSizes, type SizeRelations, sizeRelations} from './size-relations.js'
import {type Assignment, solveSizes} from './solve-sizes.js'

export interface SizeWishes extends ShapeOptions {
  readonly feeds?: Feeds | undefined
  /** Of free first dimensions; 1 when absent. */
  readonly batch?: number | undefined
}

/** A free size that nothing is known of, as in `planInputs`. */
const USUAL = 64
/** Lengths to try after it: powers of two, then frames and windows of speech, seconds of sound. */
const LENGTHS = [
  64, 128, 32, 256, 512, 16, 8, 4, 2, 1, 96, 160, 192, 224, 320, 384, 400, 480, 576, 640, 768, 1024, 1536, 16000,
]
/** Sides of pictures: what nets that classify are trained on, then what nets that find things are. */
const CLASSIFIED = [224, 256, 192, 160, 128, 96, 64, 48, 32, 28, 299, 320, 384, 448, 512, 640]
const LOCATED = [320, 256, 224, 640, 512, 416, 384, 192, 160, 128, 96, 64, 32]
/** A line of text: 32 or 48 high, some seven times as long. */
const LINE_HEIGHTS = [48, 32, 64, 40, 80]
const LINE_WIDTHS = [320, 192, 256, 100, 160, 128, 64]
const HIGHEST_LINE = 64

/** Sides of the square that tells whether a net shrinks heights and widths alike. */
const SQUARE = 960
/** Sets of sizes besides the likeliest. */
const ALTERNATIVES = 8
const BATCHES = 3

/** Each axis of an input: a size, or the name of one. */
type Sizes = readonly (number | string)[]

/**
 * Whole shapes for all inputs with free sizes: those that the model is usually run with, as far as its graph tells, and that satisfy
 * what its operators ask of them. Several, the likeliest first: whether one runs only running tells.
 *
 * @param model types inferred.
 * @returns input name → shape; empty when no size is free, or nothing is found.
 */
export function usualSizes(model: Model, wanted: SizeWishes): readonly Readonly<Record<string, readonly number[]>>[] {
  if (!hasFreeSizes(model)) return []
  const relations = sizeRelations(model, knownSizes(model, wanted))
  const asked = wishesOf(model, relations, wanted)
  if (asked.size === 0) return []
  const found = solveSizes(relations, [asked, ...alternatives(asked)])
  return found.map((sizes) => shapesOf(relations, sizes, wanted))
}

function hasFreeSizes({graph}: Model): boolean {
  return graph.inputs.some(({type, constant}) => {
    return !constant && type?.kind === 'tensor' && type.shape?.some((size) => typeof size !== 'number')
  })
}

/** What flags and fed arrays say. An array stretches where it has 1. */
function knownSizes({graph}: Model, {dims, inputShapes, feeds = {}}: SizeWishes): KnownSizes {
  const fed = graph.inputs.flatMap(({name, type}) => {
    const given = feeds[name]?.shape
    const rank = type?.kind === 'tensor' ? (type.shape?.length ?? 0) : 0
    if (!given) return []
    const sizes = Array.from({length: rank}, (_, axis) => given[axis - rank + given.length] ?? 0)
    return [[name, sizes.map((size) => (size === 1 ? 0 : size))] as const]
  })
  return {dims, shapes: {...Object.fromEntries(fed), ...inputShapes}}
}

/** What each free size would best be, by what its input looks like. */
function wishesOf(model: Model, relations: SizeRelations, {batch = 1}: SizeWishes): Map<string, readonly number[]> {
  const wishes = new Map<string, readonly number[]>()
  const longest = smallestLengthTable(model.graph)
  const lengths = [Math.min(USUAL, longest), ...LENGTHS].filter((size) => size <= longest)
  for (const value of model.graph.inputs) {
    const sizes = relations.inputs.get(value.name) ?? []
    const picture = pictureSides(relations, sizes)
    sizes.forEach((size, axis) => {
      if (typeof size !== 'string' || wishes.has(size)) return
      wishes.set(size, picture.get(axis) ?? (axis === 0 ? [batch, 1, 2] : lengths))
    })
  }
  // beside a number a size is the same number rather than 1
  for (const {left, right} of relations.relations) {
    for (const [name, size] of [[left, right] as const, [right, left] as const]) {
      const own = typeof name === 'string' ? wishes.get(name) : undefined
      if (own && typeof size === 'number') wishes.set(String(name), [size, ...own])
    }
  }
  return wishes
}

/** Sides of an input that is a picture in front of convolutions, by axis: `[N, C, H, W]` or `[N, H, W, C]` with 1, 3 or 4 channels. */
function pictureSides(relations: SizeRelations, sizes: Sizes): ReadonlyMap<number, readonly number[]> {
  const none = new Map<number, readonly number[]>()
  if (sizes.length !== 4 || relations.maps.length === 0) return none
  const areChannels = (size: number | string | undefined) => size === 1 || size === 3 || size === 4
  const first = areChannels(sizes[1]) ? 2 : areChannels(sizes[3]) ? 1 : undefined
  if (first === undefined) return none
  const [height, width] = [sizes[first], sizes[first + 1]]
  const both = (heights: readonly number[], widths: readonly number[]) =>
    new Map([
      [first, heights],
      [first + 1, widths],
    ])
  if (typeof height === 'number') return both([], height <= HIGHEST_LINE ? LINE_WIDTHS : [height, ...LOCATED])
  if (typeof width === 'number') return both([width, ...LOCATED], [])
  if (height === undefined || width === undefined) return none
  if (areLines(relations, height, width)) return both(LINE_HEIGHTS, [LINE_WIDTHS[1] as number, ...LINE_WIDTHS])
  return isLocating(relations, height, width) ? both(LOCATED, LOCATED) : both(CLASSIFIED, CLASSIFIED)
}

/** Whether an output is as large as the picture makes it: the net finds things, it does not only name them. */
function isLocating({outputs}: SizeRelations, height: string, width: string): boolean {
  return outputs.some((shape) =>
    shape?.some((size) => size === undefined || namesIn(size).some((name) => name === height || name === width)),
  )
}

/** Whether heights shrink at least twice as much as widths: made for lines of text, whose height is to become 1. */
function areLines({maps}: SizeRelations, height: string, width: string): boolean {
  const square = {[height]: SQUARE, [width]: SQUARE}
  const sides = maps.map((sizes) => sizes.map((size) => evaluateDim(size, square)))
  const [high, wide] = sides.findLast((size) => size.every((side) => typeof side === 'number' && side > 1)) ?? []
  return typeof high === 'number' && typeof wide === 'number' && 2 * high <= wide
}

/** The same wishes turned: what else may run when the likeliest does not. */
function alternatives(wishes: ReadonlyMap<string, readonly number[]>): Map<string, readonly number[]>[] {
  const turned = (by: number) => new Map([...wishes].map(([name, sizes]) => [name, rotated(sizes, by)] as const))
  return Array.from({length: ALTERNATIVES}, (_, index) => turned(index + 1))
}

/** Batches stay as they are: nobody's net runs at 2 and not at 1. */
function rotated(sizes: readonly number[], by: number): readonly number[] {
  if (sizes.length <= BATCHES) return sizes
  const start = Math.min(by, Math.max(0, sizes.length - 1))
  return [...sizes.slice(start), ...sizes.slice(0, start)]
}

/** Shapes of the inputs that have free sizes; what is fed stretches by itself. */
function shapesOf(
  {inputs}: SizeRelations,
  sizes: Assignment,
  {feeds = {}, inputShapes}: SizeWishes,
): Record<string, readonly number[]> {
  const free = [...inputs].filter(([name, shape]) => {
    return !(name in feeds) && !(name in inputShapes) && shape.some((size) => typeof size === 'string')
  })
  return Object.fromEntries(
    free.map(([name, shape]) => [name, shape.map((size) => (typeof size === 'number' ? size : (sizes[size] ?? 1)))]),
  )
}
