import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {copyModel} from '../../ir/copy-model.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {fitFewRows} from '../../passes/prune/repair/few-rows.js'
import {type ProductLayout, productLayout, setFits, weightOf} from '../../passes/prune/repair/fitted-product.js'
import {type Gram, type LinearFit, leastSquares, residualOf} from '../../passes/prune/repair/least-squares.js'
import {type ResidualSkip, skipOf} from '../../passes/prune/repair/residual-skip.js'
import type {ToRefit} from '../../passes/prune/repair/to-refit.js'
import {removeDead} from '../../passes/simplify/rules/remove-dead.js'
import {askFits} from '../../runtime/gram/ask-fits.js'
import {addFitOutputs, type FittedProduct} from '../../runtime/gram/fit-outputs.js'
import type {FitSums, Measured} from '../../runtime/gram/fit-task.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'

export interface RepairOptions {
  readonly settings: SessionSettings
  readonly data: DataSpec
  /** Samples of `data` that are read. */
  readonly samples: number
  readonly seed: number
  readonly effects: Effects
}

/**
 * Gives back what removed channels took: in topological order every product that lost inputs is fitted to give what it gave in the dense
 * model, from what it gets in the pruned one, by least squares with an intercept. In place. No labels, no training.
 *
 * @param dense the model before, in which results have the names they have in the pruned one.
 * @returns the most memory of a process that measured, bytes.
 * @see He et al. 2017, arXiv:1707.06168, for the reconstruction; the targets here are the dense model's and the inputs the pruned one's.
 */
export async function repair(
  dense: Model,
  pruned: Model,
  products: readonly ToRefit[],
  {settings, data, samples, seed, effects}: RepairOptions,
): Promise<number> {
  const {levels, depths} = levelsOf(pruned, products)
  let peak = 0
  for (const [index, level] of levels.entries()) {
    effects.signal.throwIfAborted()
    effects.progress('repairing', index, levels.length)
    const layouts = level.map(({node}) => productLayout(node) as ProductLayout)
    const skips = level.map(({node}) => skipOf(node, (value) => (depths.get(value) ?? 0) <= index))
    const measured = await measureLevel({dense, pruned}, level, layouts, skips, {
      settings,
      data,
      samples,
      seed,
      effects,
    })
    peak = Math.max(peak, measured.peakRssBytes)
    level.forEach(({node}, i) => {
      const layout = layouts[i] as ProductLayout
      setFits(node, layout, fitsOf(node, layout, measured.output[i] as Measured))
    })
  }
  effects.progress('repairing', levels.length, levels.length)
  return peak
}

/** Products that do not wait for each other, the first to be fitted first; those that are none are left out. */
function levelsOf({graph}: Model, products: readonly ToRefit[]): {levels: ToRefit[][]; depths: Depths} {
  const wanted = new Map(products.map((product) => [product.node, product]))
  const depths = new Map<Value, number>()
  const levels: ToRefit[][] = []
  for (const node of graph.nodes()) {
    let depth = node.inputs.reduce((most, value) => Math.max(most, (value && depths.get(value)) ?? 0), 0)
    const product = wanted.get(node)
    if (product && productLayout(node)) {
      levels[depth] = [...(levels[depth] ?? []), product]
      depth++
    }
    for (const value of node.outputs) if (value) depths.set(value, depth)
  }
  return {levels, depths}
}

/** How many fitted products are on the longest way to a value. */
type Depths = ReadonlyMap<Value, number>

async function measureLevel(
  {dense, pruned}: {readonly dense: Model; readonly pruned: Model},
  level: readonly ToRefit[],
  layouts: readonly ProductLayout[],
  skips: readonly (ResidualSkip | undefined)[],
  {settings, data, samples, seed, effects}: RepairOptions,
) {
  const own = copyModel(pruned)
  const nodes = new Map(own.graph.nodes().map((node) => [node.name, node]))
  const values = new Map(own.graph.nodes().flatMap(({outputs}) => outputs.map((value) => [value?.name, value])))
  const fitted = level.map(({node, kept}, i): FittedProduct => {
    const layout = layouts[i] as ProductLayout
    const {groups, inputs, targets, kernel} = layout
    const target = node.outputs[0]?.name ?? ''
    const isFewRows = kernel === undefined && rowsPerSample(node) * samples < 2 * inputs
    const skip = skips[i]
    const value = skip && values.get(skip.other.name)
    const fittedSkip = skip && value && {value, target: skip.other.name, factors: skip.factors}
    return {
      skip: fittedSkip,
      node: nodes.get(node.name) as Node,
      groups,
      inputs,
      targets,
      kernel,
      target,
      kept,
      isFewRows,
    }
  })
  const fits = await withOutputs(own, () => addFitOutputs(own.graph, fitted))
  const source = copyModel(dense)
  const targets = new Set(fitted.flatMap(({target, skip}) => [target, ...(skip ? [skip.target] : [])]))
  await withOutputs(source, () => {
    const values = source.graph.nodes().flatMap(({outputs}) => outputs)
    for (const value of values) if (value && targets.has(value.name)) source.graph.addOutput(value)
  })
  return askFits(settings, {
    ...{dense: source, pruned: own, fits, seed, signal: effects.signal},
    data: {...data, limit: Math.min(samples, data.limit ?? samples)},
  })
}

/** Gives a model other outputs, and takes away what they do not need. */
async function withOutputs<T>({graph}: Model, write: () => T): Promise<T> {
  for (const _ of [...graph.outputs]) graph.dropOutput()
  const written = write()
  await removeDead.run(graph)
  return written
}

/** Rows of a product per sample, as far as types tell; some where they do not. */
function rowsPerSample(node: Node): number {
  const {type} = node.inputs[0] ?? {}
  const shape = type?.kind === 'tensor' ? type.shape : undefined
  if (!shape) return SOME_ROWS
  return shape.slice(1, -1).reduce<number>((count, size) => count * (typeof size === 'number' ? size : SOME_ROWS), 1)
}

const SOME_ROWS = 16

function fitsOf(node: Node, layout: ProductLayout, measured: Measured): (LinearFit | undefined)[] {
  if (measured.kind === 'sums') return measured.learned.map((sums, g) => bestFit(sums, measured.held[g] as FitSums))
  const {inputs, targets} = layout
  const {count, x, y} = measured
  return [fitFewRows({inputs, targets, count, x, y}, weightOf(node, layout))]
}

/** From 1e-6 to 1e-2 there is no difference where samples are many. */
const LAMBDAS = [1e-6, 1e-4, 1e-2]
/** Above that it is not chosen: every choice takes a factorization. */
const MOST_CHOSEN = 1024

/** Fitted to all rows, with the λ that leaves least of those held out. */
function bestFit(learned: FitSums, held: FitSums): LinearFit | undefined {
  const all = sumOf(learned, held)
  const isChosen = held.rows > 0 && learned.rows > 0 && all.inputs <= MOST_CHOSEN
  if (!isChosen) return leastSquares(all, LAMBDAS[1] as number)
  let best: {lambda: number; error: number} | undefined
  for (const lambda of LAMBDAS) {
    const fit = leastSquares(learned, lambda)
    const error = fit ? residualOf(held, fit) : Number.POSITIVE_INFINITY
    if (!best || error < best.error) best = {lambda, error}
  }
  return leastSquares(all, best?.lambda ?? 1e-4)
}

function sumOf(a: FitSums, b: FitSums): Gram {
  const plus = (one: Float64Array, other: Float64Array) => one.map((value, i) => value + (other[i] as number))
  return {
    inputs: a.inputs,
    targets: a.targets,
    rows: a.rows + b.rows,
    products: plus(a.products, b.products),
    cross: plus(a.cross, b.cross),
    inputSums: plus(a.inputSums, b.inputSums),
    targetSums: plus(a.targetSums, b.targetSums),
  }
}
