import {statSync} from 'node:fs'
import {basename, isAbsolute, relative} from 'node:path'
import type {Feeds, InputPort} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import {FileError, MoptError} from '../../errors.js'
import {evalBatch} from '../../facts/eval-batch.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {isQuantized, quantizationState} from '../../facts/quantization-state.js'
import {measureFile} from '../../io/measure-file.js'
import {openModel} from '../../io/open-model.js'
import type {Model} from '../../ir/model.js'
import {ownEntry} from '../../ir/own-entry.js'
import {type InputPlan, type PlanOptions, planInputs} from '../../runtime/inputs/plan-inputs.js'
import {usualSizes} from '../transform/usual-sizes.js'

/** A model that takes part in a bench, and what its file alone tells. */
export interface BenchModel {
  /** What people call it: the file's name, with more where that is not unique. */
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  readonly compressedBytes: number | null
  readonly parameters: number | null
  /** Share of zeros among the parameters; null for big models. */
  readonly sparsity: number | null
  readonly isQuantized: boolean
  /** Whether activations are quantized at run time: the result then depends on the batch. */
  readonly isDynamic: boolean
  /** Rows per run while judging. */
  readonly evalBatch: number
  /** Those that data feeds. */
  readonly inputs: readonly InputPort[]
  /** Synthetic inputs per batch, or why none can be made up. */
  readonly plans: ReadonlyMap<number, InputPlan[] | MoptError>
  /** Why the file cannot be benched at all. */
  readonly failure: MoptError | undefined
}

/** As in `inspect`: above this, reading every byte takes seconds. */
const FULL_LIMIT_BYTES = 256e6

interface Shapes {
  /** Rows per run; when empty, the first dimension that is fixed in the first model or given for it, else 1. */
  readonly batches: readonly number[]
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  readonly dims: Readonly<Record<string, number>>
  readonly feeds?: Feeds | undefined
  /** Per batch, the shapes of free inputs that the first model chose: rows of different sizes compare nothing. */
  readonly usual: Map<number, Readonly<Record<string, readonly number[]>>>
}

/**
 * Reads every model's file.
 *
 * @returns the models, and the batches to bench them at.
 * @throws FileError for a file that is missing, and whatever is wrong with the first model: without it there is nothing to compare.
 */
export async function readBenchModels(
  paths: readonly string[],
  shapes: Omit<Shapes, 'usual'>,
): Promise<{models: BenchModel[]; batches: readonly number[]}> {
  const names = displayNames(paths)
  const models: BenchModel[] = []
  let {batches} = shapes
  const usual: Shapes['usual'] = new Map()
  for (const [index, path] of paths.entries()) {
    const name = names[index] ?? path
    try {
      const model = await readBenchModel(name, path, {...shapes, batches, usual})
      batches = [...model.plans.keys()]
      models.push(model)
    } catch (error) {
      if (!(error instanceof MoptError) || error instanceof FileError || index === 0) throw error
      models.push(unreadable(name, path, error))
    }
  }
  return {models, batches}
}

async function readBenchModel(name: string, path: string, shapes: Shapes): Promise<BenchModel> {
  const opened = await openModel(path)
  try {
    const {model, sizeBytes} = opened
    const readAll = sizeBytes <= FULL_LIMIT_BYTES
    const parameters = countParameters(parametersOf(model.graph), {zeros: readAll})
    const {count, zeros} = parameters
    const rows = evalBatch(model)
    const {feeds = {}} = shapes
    const inputs = portsOf(model).filter((port) => !Object.hasOwn(feeds, port.name))
    return {
      name,
      path,
      sizeBytes,
      compressedBytes: readAll ? (await measureFile(path)).compressedBytes : null,
      parameters: count,
      sparsity: zeros === null ? null : zeros / Math.max(1, count),
      isQuantized: isQuantized(quantizationState(model.graph, parameters)),
      isDynamic: rows === 1,
      evalBatch: rows,
      inputs,
      plans: plansOf(model, inputs, shapes),
      failure: undefined,
    }
  } finally {
    opened.close()
  }
}

/** Made while the file is open: sizes of tables bound the made-up ids. */
function plansOf(model: Model, inputs: readonly InputPort[], shapes: Shapes): Map<number, InputPlan[] | MoptError> {
  const batches = shapes.batches.length > 0 ? shapes.batches : [naturalBatch(inputs, shapes)]
  return new Map(batches.map((batch) => [batch, planAtUsual(model, {...shapes, batch})]))
}

function naturalBatch([first]: readonly InputPort[], {inputShapes}: Shapes): number {
  const given = first && ownEntry(inputShapes, first.name)?.[0]
  const fixed = first?.shape?.[0]
  return given ?? (typeof fixed === 'number' && fixed > 0 ? fixed : 1)
}

function planAtUsual(model: Model, options: Shapes & {readonly batch: number}): InputPlan[] | MoptError {
  const {batch, usual} = options
  const shapes = usual.get(batch) ?? usualSizes(model, options)[0] ?? {}
  usual.set(batch, shapes)
  const own = Object.entries(shapes).filter(([name]) => model.graph.inputs.some((input) => input.name === name))
  const inputShapes = {...Object.fromEntries(own), ...options.inputShapes}
  const plan = planOrReason(model, {...options, inputShapes})
  return plan instanceof MoptError ? planOrReason(model, options) : plan
}

function planOrReason(model: Model, options: PlanOptions): InputPlan[] | MoptError {
  try {
    return planInputs(model, options)
  } catch (error) {
    if (error instanceof MoptError) return error
    throw error
  }
}

function unreadable(name: string, path: string, failure: MoptError): BenchModel {
  return {
    name,
    path,
    sizeBytes: statSync(path, {throwIfNoEntry: false})?.size ?? 0,
    compressedBytes: null,
    parameters: null,
    sparsity: null,
    isQuantized: false,
    isDynamic: false,
    evalBatch: 1,
    inputs: [],
    plans: new Map(),
    failure,
  }
}

/** File names; below the working folder where different files share a name, with a number where a file is given twice. */
export function displayNames(paths: readonly string[]): string[] {
  const names = paths.map((path) => {
    const namesakes = paths.filter((other) => basename(other) === basename(path))
    return new Set(namesakes).size > 1 ? pathText(path) : basename(path)
  })
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length
    return before === 0 ? name : `${name} #${before + 1}`
  })
}

/** Never absolute: a report is read on other machines. */
function pathText(path: string): string {
  const short = relative('.', path)
  return isAbsolute(path) && short.startsWith('..') ? path.split(/[\\/]/).slice(-2).join('/') : short
}
