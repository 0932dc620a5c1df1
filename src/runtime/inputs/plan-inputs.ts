import type {Feeds} from '../../data/dataset.js'
import {checkFeedNames} from '../../data/samples/feed-values.js'
import {fedInput, fedShape} from '../../data/samples/fit-feed.js'
import {UnsupportedError, UsageError} from '../../errors.js'
import type {Dim} from '../../ir/dim.js'
import type {DType} from '../../ir/dtype.js'
import type {Model} from '../../ir/model.js'
import {ownEntry} from '../../ir/own-entry.js'
import type {Value} from '../../ir/value.js'
import {type Fill, fillOf} from './input-fill.js'
import {smallestLengthTable} from './length-tables.js'

/** One synthetic input, as plain data. */
export interface InputPlan {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly fill: Fill
}

export interface PlanOptions {
  /** Size of a free first dimension; 1 when absent. */
  readonly batch?: number | undefined
  /** Size of other free dimensions; 64 when absent, less where a table bounds it. */
  readonly freeSize?: number | undefined
  /** Only a last axis gets that size, the free ones between are 1: signals with states `[layers, batch, width]`. */
  readonly onlyLast?: boolean | undefined
  /** input name → whole shape */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** free dimension name → size */
  readonly dims: Readonly<Record<string, number>>
  /** input name → its value */
  readonly feeds?: Feeds | undefined
  /** The flag that gave the shapes, for messages; `--input-shape` when absent. */
  readonly shapeFlag?: string | undefined
}

/** A free dimension that nothing in the model bounds: long enough to time, small enough for any model, a multiple of 32. */
const DEFAULT_FREE_SIZE = 64

const SHAPE_FLAG = '--input-shape'

/** Types that can be written as numbers and fed to ONNX Runtime. */
const FEEDABLE: ReadonlySet<DType> = new Set<DType>([
  ...(['float32', 'float64', 'float16', 'bool'] as const),
  ...(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const),
])

/**
 * Shapes and kinds of values that stand for data when there is none. A free first dimension becomes the batch, another free one the
 * smallest of 64 and the tables it indexes (position embeddings); a name has one size in all inputs. Floats are normal, ids lie
 * inside the rows of the Gather they feed, masks are 1.
 *
 * @throws UsageError when the options name what the model does not have, contradict it, or a rank is unknown;
 *   UnsupportedError for an input that is not a tensor of numbers.
 */
export function planInputs(model: Model, options: PlanOptions): InputPlan[] {
  const inputs = model.graph.inputs.filter((value) => !value.constant)
  checkNames(inputs, options)
  const freeSize = Math.min(options.freeSize ?? DEFAULT_FREE_SIZE, smallestLengthTable(model.graph))
  const sizes = new Map(Object.entries(options.dims))
  const {feeds = {}} = options
  bindGivenSizes(inputs, feeds, sizes)
  const made = new Map<Value, InputPlan>()
  // values that are given stretch to the sizes of the others
  const unfedFirst = [...inputs].sort(
    (a, b) => Number(Object.hasOwn(feeds, a.name)) - Number(Object.hasOwn(feeds, b.name)),
  )
  for (const value of unfedFirst) {
    const {dtype, shape} = tensorTypeOf(value)
    const wanted = ownEntry(options.inputShapes, value.name)
    const feed = ownEntry(feeds, value.name)
    if (wanted) checked(value.name, shape, wanted, options)
    const free = () =>
      feed ? fedShape(feed, shape, sizes, options.batch ?? 1) : resolve(value.name, shape, options, sizes, freeSize)
    const planned = {name: value.name, dtype, shape: wanted ?? free()}
    if (feed) fedInput(planned, feed, planned.shape)
    made.set(value, {...planned, fill: feed ? {kind: 'given', value: feed} : fillOf(value, dtype)})
  }
  return inputs.map((value) => made.get(value) as InputPlan)
}

/** An array that is given decides the sizes of named dimensions; where it has 1 it is repeated. */
function bindGivenSizes(inputs: readonly Value[], feeds: Feeds, sizes: Map<string, number>): void {
  checkFeedNames(feeds, inputs)
  for (const {name, type} of inputs) {
    const given = ownEntry(feeds, name)?.shape ?? []
    const shape = type?.kind === 'tensor' ? (type.shape ?? []) : []
    for (const [axis, dim] of shape.entries()) {
      const size = given[axis - shape.length + given.length]
      if (typeof dim === 'string' && size !== undefined && size !== 1 && !sizes.has(dim)) sizes.set(dim, size)
    }
  }
}

/** The shapes for the line about synthetic input: `input float32[1,3,224,224], ids int64[1,64]`. */
export function describeInputs(plan: readonly InputPlan[]): string {
  return plan.map(({name, dtype, shape}) => `${name} ${dtype}[${shape.join(',')}]`).join(', ')
}

function tensorTypeOf(value: Value): {dtype: DType; shape: readonly Dim[] | undefined} {
  const type = value.type
  if (type?.kind !== 'tensor' || !type.dtype || !FEEDABLE.has(type.dtype)) {
    const got =
      type?.kind === 'tensor' ? `${type.dtype ?? 'unknown'} elements` : `a ${type?.kind ?? 'value of unknown type'}`
    throw new UnsupportedError(
      `input '${value.name}': values can only be made up for tensors of numbers, it has ${got}`,
      {
        hint: 'Give real samples with --data',
      },
    )
  }
  return {dtype: type.dtype, shape: type.shape}
}

function resolve(
  name: string,
  shape: readonly Dim[] | undefined,
  options: PlanOptions,
  sizes: Map<string, number>,
  freeSize: number,
): number[] {
  if (!shape) {
    throw new UsageError(`input '${name}' has no declared shape, so no values can be made up for it`, {
      hint: `Give it one: --input-shape ${name}=1,3,224,224`,
    })
  }
  return shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    const isBetween = options.onlyLast === true && axis > 0 && axis < shape.length - 1
    const made = axis === 0 ? (options.batch ?? 1) : isBetween ? 1 : freeSize
    const size = (dim === undefined ? undefined : sizes.get(dim)) ?? made
    if (dim !== undefined) sizes.set(dim, size)
    return size
  })
}

function checked(
  name: string,
  shape: readonly Dim[] | undefined,
  wanted: readonly number[],
  {shapeFlag = SHAPE_FLAG}: PlanOptions,
): readonly number[] {
  const fits =
    !shape || (shape.length === wanted.length && shape.every((dim, i) => typeof dim !== 'number' || dim === wanted[i]))
  if (fits) return wanted
  const declared = shape.map((dim) => dim ?? '?').join(',')
  throw new UsageError(`${shapeFlag} ${name}=${wanted.join(',')}: expected a shape that fits [${declared}]`)
}

function checkNames(inputs: readonly Value[], options: PlanOptions): void {
  const names = inputs.map((value) => value.name)
  const free = new Set(inputs.flatMap(dimNamesOf))
  for (const name of Object.keys(options.inputShapes)) {
    if (names.includes(name)) continue
    throw new UsageError(`${options.shapeFlag ?? SHAPE_FLAG} ${name}: the model has no such input`, {
      hint: `Its inputs: ${names.join(', ')}`,
    })
  }
  for (const name of Object.keys(options.dims)) {
    if (free.has(name)) continue
    const known = free.size > 0 ? `Its free dimensions: ${[...free].join(', ')}` : 'All its dimensions are fixed'
    throw new UsageError(`--dim ${name}: no input has a dimension of that name`, {hint: known})
  }
}

function dimNamesOf(value: Value): string[] {
  const shape = value.type?.kind === 'tensor' ? (value.type.shape ?? []) : []
  return shape.filter((dim) => typeof dim === 'string')
}
