import {Tensor} from 'onnxruntime-node'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import type {RandomGenerator} from 'pure-rand/types/RandomGenerator'
import type {DataSpec} from '../../data/dataset.js'
import {elementCount} from '../../ir/tensor.js'
import type {TaskContext} from '../child/task-context.js'
import {feedBatches, openSamples} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, type Feeds, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'
import type {FitNames} from './fit-outputs.js'

export interface FitRequest {
  /** The model whose results are the targets, and the one that is fitted, with `addFitOutputs`. */
  readonly dense: string
  readonly pruned: string
  readonly fits: readonly FitNames[]
  readonly settings: SessionSettings
  readonly data: DataSpec
  readonly seed: number
}

/** Sums over the rows of one group of one product; see `Gram` of the repair. */
export interface FitSums {
  readonly inputs: number
  readonly targets: number
  rows: number
  readonly products: Float64Array
  readonly cross: Float64Array
  readonly inputSums: Float64Array
  readonly targetSums: Float64Array
}

/** What was measured of one product: sums per group, or the rows themselves. */
export type Measured =
  | {readonly kind: 'sums'; readonly learned: readonly FitSums[]; readonly held: readonly FitSums[]}
  | {readonly kind: 'rows'; readonly count: number; readonly x: Float32Array; readonly y: Float32Array}

/** A matrix of products is fetched with every run, so runs shouldn't be tiny. */
const ROWS = 16
/** Positions of a picture that are looked at: 16 to 64 do as well as all. */
const POSITIONS = 64
/** Every so many runs are held out, to choose by. */
const HELD_OUT = 4
const FRUGAL = {enableMemPattern: false}

/** Runs both models side by side over the data and sums up what fits of products take, in float64. */
export async function measureFits(request: FitRequest, context: TaskContext): Promise<Measured[]> {
  const {fits, data, settings} = request
  const dense = await createSession(request.dense, settings, FRUGAL, 'the model before')
  const pruned = await createSession(request.pruned, settings, FRUGAL, 'the pruned model')
  const dataset = await openSamples(data, inputPorts(dense, settings.dims))
  const random = xoroshiro128plus(request.seed)
  const sums = fits.map((names) => (names.isFewRows ? new RowsOf(names) : new SumsOf(names)))
  const targets = [...new Set(fits.flatMap(({target, skip}) => (skip ? [target, skip.target] : [target])))]
  const fetches = fits.flatMap(({products, cross, inputMeans, targetMeans}) => [
    products,
    cross,
    inputMeans,
    targetMeans,
  ])
  let [done, runs] = [0, 0]
  for await (const {feeds, size} of feedBatches(dataset, dataset.fixedBatch ?? ROWS)) {
    const wanted = await runSession(dense, feeds, targets, 'the model before')
    const extras = fits.map((names) => extraFor(names, wanted, random))
    const all = {...feeds, ...Object.fromEntries(extras.flatMap(({entries}) => entries))}
    const known = new Set(pruned.inputNames)
    const own = Object.fromEntries(Object.entries(all).filter(([name]) => known.has(name)))
    const results = await runSession(pruned, own, fetches, 'the pruned model')
    const isHeld = runs++ % HELD_OUT === HELD_OUT - 1
    sums.forEach((sum, i) => {
      sum.add(results, extras[i]?.rows ?? 0, isHeld)
    })
    done += size
    context.progress(done, dataset.sampleCount)
  }
  return sums.map((sum) => sum.measured())
}

/** The target of a product, the positions that are looked at in this run, and how many rows that makes. */
function extraFor({target: name, targetInput, positions, skip}: FitNames, wanted: Feeds, random: RandomGenerator) {
  const target = wanted[name] as Tensor
  const entries: [string, Tensor][] = [[targetInput, target]]
  if (skip) entries.push([skip.input, wanted[skip.target] as Tensor])
  if (positions === undefined) return {entries, rows: elementCount(target.dims) / Math.max(1, target.dims.at(-1) ?? 1)}
  const count = elementCount(target.dims.slice(2))
  const chosen =
    count <= POSITIONS
      ? Array.from({length: count}, (_, i) => i)
      : Array.from({length: POSITIONS}, () => uniformInt(random, 0, count - 1))
  entries.push([positions, new Tensor('int64', BigInt64Array.from(chosen, BigInt), [chosen.length])])
  return {entries, rows: (target.dims[0] ?? 1) * chosen.length}
}

/** Sums of the products of rows, group by group. */
class SumsOf {
  readonly #learned: FitSums[]
  readonly #held: FitSums[]

  constructor(private readonly names: FitNames) {
    this.#learned = emptySums(names)
    this.#held = emptySums(names)
  }

  add(results: Feeds, rows: number, isHeld: boolean): void {
    const {names} = this
    const of = (name: string) => toFloat32(results[name] as Tensor)
    const [products, cross] = [of(names.products), of(names.cross)]
    const [inputMeans, targetMeans] = [of(names.inputMeans), of(names.targetMeans)]
    const {inputs, targets} = names
    for (const [g, sum] of (isHeld ? this.#held : this.#learned).entries()) {
      sum.rows += rows
      accumulate(sum.products, products, g * inputs * inputs, 1)
      accumulate(sum.cross, cross, g * inputs * targets, 1)
      accumulate(sum.inputSums, inputMeans, g * inputs, rows)
      accumulate(sum.targetSums, targetMeans, g * targets, rows)
    }
  }

  measured(): Measured {
    return {kind: 'sums', learned: this.#learned, held: this.#held}
  }
}

/** The rows themselves. */
class RowsOf {
  readonly #x: Float32Array[] = []
  readonly #y: Float32Array[] = []

  constructor(private readonly names: FitNames) {}

  add(results: Feeds): void {
    // the runtime may write over what it gave
    this.#x.push(Float32Array.from(toFloat32(results[this.names.products] as Tensor)))
    this.#y.push(Float32Array.from(toFloat32(results[this.names.cross] as Tensor)))
  }

  measured(): Measured {
    const [x, y] = [joined(this.#x), joined(this.#y)]
    return {kind: 'rows', count: x.length / this.names.inputs, x, y}
  }
}

function emptySums({groups, inputs, targets}: FitNames): FitSums[] {
  return Array.from({length: groups}, () => ({
    ...{inputs, targets, rows: 0},
    products: new Float64Array(inputs * inputs),
    cross: new Float64Array(inputs * targets),
    inputSums: new Float64Array(inputs),
    targetSums: new Float64Array(targets),
  }))
}

/** `sums += factor · values[from …]`. */
function accumulate(sums: Float64Array, values: Float32Array, from: number, factor: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + factor * (values[from + i] as number)
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
