import type {Effects} from '../../effects.js'
import {ShapeError} from '../../errors.js'
import {layerMacs, layersOf, printable} from '../../facts/layers.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {quantizationState, quantizationText} from '../../facts/quantization-state.js'
import {measureFile} from '../../io/measure-file.js'
import {openModel} from '../../io/open-model.js'
import type {Model} from '../../ir/model.js'
import type {Value} from '../../ir/value.js'
import {inferModel, macsOf} from '../../ops/infer-graph.js'
import type {ShapeOptions} from '../../options/common.js'
import type {InspectOptions} from '../../options/inspect.js'
import type {InspectResult, Layer, Port, Warning} from '../../results.js'
import {requireKnownSizes} from './require-known-sizes.js'

/** Above this, reading every byte for the digest, the compressed size and the zeros takes seconds: only when asked for. */
const FULL_LIMIT_BYTES = 256e6

/**
 * What a model is made of. Runs nothing: ONNX Runtime is not loaded.
 *
 * @throws FileError and ModelError when it cannot be read; ShapeError when given shapes contradict it.
 */
export async function inspect(
  path: string,
  {inspect: {full, layers: isListed}, run}: InspectOptions,
  {signal}: Pick<Effects, 'signal'>,
): Promise<InspectResult> {
  const opened = await openModel(path)
  try {
    const {model, sizeBytes} = opened
    const readAll = full || sizeBytes <= FULL_LIMIT_BYTES
    const measured = readAll ? await measureFile(path) : {compressedBytes: null, sha256: null}
    signal.throwIfAborted()
    requireKnownSizes(model, run.dims)
    const warnings = infer(model, run)
    const facts = describe(model, readAll)
    const layers = isListed ? layersOf(model, {zeros: readAll}) : undefined
    const {macs, perLayer} = multiplications(model, run)
    return {
      schemaVersion: 1,
      command: 'inspect',
      warnings: [...model.warnings, ...warnings],
      model: {path, sizeBytes, compressedBytes: measured.compressedBytes, sha256: measured.sha256, ...facts, macs},
      ...(layers && {layers: withMacs(layers, perLayer)}),
    }
  } finally {
    opened.close()
  }
}

/** Shapes the user gave must fit; a model that contradicts itself is still worth looking at. */
function infer(model: Model, {inputShapes, dims}: ShapeOptions): Warning[] {
  try {
    inferModel(model, {inputShapes, dims})
    return []
  } catch (error) {
    const given = Object.keys(inputShapes).length + Object.keys(dims).length
    if (!(error instanceof ShapeError) || given > 0) throw error
    return [{code: error.code, message: error.message, hint: 'Shapes after this node are not known'}]
  }
}

function describe(model: Model, zeros: boolean) {
  const {graph} = model
  const nodes = graph.allNodes()
  const parameters = countParameters(parametersOf(graph), {zeros})
  return {
    irVersion: model.irVersion,
    opsets: Object.fromEntries([...model.opsets].map(([domain, version]) => [domain || 'ai.onnx', version])),
    producer: `${model.producer.name} ${model.producer.version}`.trim(),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    nodes: nodes.length,
    ops: countByType(nodes.map((node) => node.opType)),
    parameters: {...parameters, sparsity: share(parameters.zeros, parameters.count)},
    quantization: quantizationText(quantizationState(graph, parameters)),
  }
}

function portOf({name, type}: Value): Port {
  if (type?.kind !== 'tensor') return {name, dtype: type?.kind ?? null, shape: null}
  return {name, dtype: type.dtype ?? null, shape: type.shape?.map(printable) ?? null}
}

/** Most frequent first. */
function countByType(types: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}

function share(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : part / whole
}

/** MACs of one run at batch 1: the first free dimension of every input counts as 1, as it does where a model runs. */
function multiplications(model: Model, options: ShapeOptions): {macs: number | null; perLayer: (number | null)[]} {
  const dims: Record<string, number> = Object.assign(Object.create(null), options.dims)
  const inputShapes: Record<string, readonly number[]> = Object.assign(Object.create(null), options.inputShapes)
  for (const {name, type} of model.graph.inputs) {
    const shape = type?.kind === 'tensor' ? (type.shape ?? []) : []
    const [first, ...rest] = shape
    if (typeof first === 'string') dims[first] ??= 1
    else if (shape.length > 0 && first === undefined && rest.every((size) => typeof size === 'number')) {
      inputShapes[name] ??= [1, ...rest]
    }
  }
  try {
    inferModel(model, {inputShapes, dims})
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
  }
  return {macs: macsOf(model) ?? null, perLayer: layerMacs(model)}
}

function withMacs(layers: readonly Layer[], macs: readonly (number | null)[]): Layer[] {
  return layers.map((layer, index) => ({...layer, macs: macs[index] ?? null}))
}
