import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {opsetOf} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import {fixedTransforms} from '../fixed-transforms.js'
import type {Pass} from '../pass.js'
import {matchesNode, type Selection} from '../selection.js'
import {quantizeDynamicLstm} from './dynamic/dynamic-lstm.js'
import {type DynamicOptions, quantizeDynamicMatMul} from './dynamic/dynamic-matmul.js'
import {computeFloat16} from './float16/float16-compute.js'
import {storeFloat16} from './float16/float16-storage.js'
import type {SizeOf} from './kernels/free-dims.js'
import {WEIGHT_TYPES, type WeightType, type WeightTypeOf} from './numbers/weight-type.js'
import type {Tuning} from './plan/alternatives.js'
import {fedBackNodes} from './plan/fed-back-state.js'
import {firstFloats, otherFloats} from './plan/float-choices.js'
import {type PlanOptions, planStatic, type StaticPlan} from './plan/static-plan.js'
import type {ActivationType, Range} from './static/activation-scale.js'
import {biasedLayers, correctBiases, type MeasureErrors} from './static/correct-biases.js'
import {floatSilu} from './static/float-silu.js'
import {GroupRanges} from './static/group-ranges.js'
import {hardSigmoidAsAdd} from './static/hard-sigmoid-as-add.js'
import {qdqToQOperator} from './static/qdq-to-qoperator.js'
import {quantizeStatic} from './static/static.js'
import {quantizeEmbeddings} from './weights/embeddings.js'
import {quantizeRuntimeBlocks} from './weights/runtime-blocks.js'
import {quantizeWeightsOnly} from './weights/weights-only.js'

export type QuantizeMode = 'auto' | 'dynamic' | 'static' | 'weights' | 'float16'

/** What the user wants of the nodes a pattern matches. */
export interface Override {
  readonly pattern: RegExp
  readonly to: 'float' | 'float16' | 'int8' | 'uint8'
}

export interface PassOptions {
  readonly mode: QuantizeMode
  readonly weights: WeightType['dtype']
  readonly activations: ActivationType
  readonly perChannel: boolean
  readonly format: 'qdq' | 'qoperator' | 'ort'
  readonly blockSize: number
  readonly exclude: readonly RegExp[]
  readonly excludeOps: readonly string[]
  readonly overrides: readonly Override[]
  /** float16 only: inputs and outputs stay float32. */
  readonly keepIo: boolean
  readonly provider: string
  /** Largest weight magnitude the processor multiplies exactly. */
  readonly peak: number
  readonly sizeOf: SizeOf
  /** What `--tune` found; all by rule when absent. */
  readonly tuning?: Tuning | undefined
  /** Runs the prepared model on the calibration data; absent without `--data`. */
  readonly calibrate?: ((tensors: readonly string[]) => Promise<ReadonlyMap<string, Range>>) | undefined
  /** The nodes whose values pass float16's range; not looked for when absent. */
  readonly nodesBeyond?: ((model: Model) => Promise<ReadonlyMap<Node, string>>) | undefined
  /** Keeps the float graph, and measures layers of the quantized one against it; biases stay as they are when absent. */
  readonly biasErrors?:
    | {keep(saturation: ReadonlyMap<string, Range>): Promise<void>; measure: MeasureErrors}
    | undefined
}

/** M·K·N from which integers gain on every processor. */
const LARGE_PRODUCT = 2_000_000

/** Opsets that bring a scale per channel, and QuantizeLinear at all. */
const OPSET = {perChannel: 13, perTensor: 10}

/** The passes that the options come to, in order. Static ones have been planned and calibrated. */
export async function quantizePasses(model: Model, options: PassOptions): Promise<Pass[]> {
  const {mode, provider, keepIo} = options
  const isWanted = isForced(options)
  // the user may want a transform in integers all the same
  const kept = new Map([...fixedTransforms(model.graph)].filter(([node]) => !isWanted(node)))
  const selection = {...selectionOf(options, ['float', 'float16']), kept}
  const stored = storedAsFloat16(options)
  if (mode === 'float16') {
    const chosen = selectionOf(options, ['float'])
    if (provider === 'cpu') return [storeFloat16(chosen)]
    return [computeFloat16({...chosen, keepIo, keep: await options.nodesBeyond?.(model)})]
  }
  const streaming = streamingPasses(model, options, selection)
  if (streaming) return [...stored, ...streaming]
  const weights = weightPasses(model, options, selection)
  if (mode === 'weights') return [...stored, ...weights]
  const dynamic = dynamicPasses(model, options, selection)
  if (!options.calibrate) return [...stored, ...dynamic, ...weights]
  const fixed = await staticPasses(model, options, selection)
  return mode === 'auto' ? [...stored, ...fixed, ...dynamic, ...weights] : [...stored, ...fixed, ...weights]
}

/** What `--exclude`, `--exclude-op` and overrides to the named types leave alone. */
function selectionOf({exclude, excludeOps, overrides}: PassOptions, types: readonly Override['to'][]): Selection {
  return {exclude, excludeOps, overridden: overrides.filter(({to}) => types.includes(to))}
}

/** Overrides to float16 come first: what they store no later pass touches. */
function storedAsFloat16(options: PassOptions): Pass[] {
  const only = options.overrides.filter(({to}) => to === 'float16').map(({pattern}) => pattern)
  return only.length > 0 ? [storeFloat16({...selectionOf(options, ['float']), only})] : []
}

/**
 * What becomes of a model whose state is fed back, unless other types are asked for by name: weights in 16 bits. Silero VAD v5 through
 * 95 s of speech parts from float by up to 0.15 in int8, each layer alone by 0.03 or more; by 0.0014 in float16.
 */
function streamingPasses(model: Model, options: PassOptions, selection: Selection): Pass[] | undefined {
  const {mode, weights, format, perChannel, overrides} = options
  const isByDefault = (mode === 'auto' || mode === 'weights') && weights === 'int8' && format !== 'ort'
  const [node] = isByDefault ? fedBackNodes(model.graph) : []
  if (!node) return undefined
  const only = overrides.filter(({to}) => to === 'int8' || to === 'uint8').map(({pattern}) => pattern)
  const forced = quantizeWeightsOnly({...selection, only, specOf: specsOf(model), perChannel, typeOf: typeOf(options)})
  if (only.length > 0) return [forced, storeFloat16(selection)]
  model.warnings.push({
    code: 'STATE_FED_BACK',
    message: `${node.opType} '${node.name}' gets its state from an input: weights are stored as float16, errors of 8 bits add up in it`,
    hint: "--override '.*=int8' stores them as int8 all the same",
  })
  return [storeFloat16(selection)]
}

function typeOf({weights, overrides}: PassOptions): WeightTypeOf {
  return (node) => {
    const named = overrides.find(({pattern}) => matchesNode(node, pattern))?.to
    return WEIGHT_TYPES[named === 'int8' || named === 'uint8' ? named : weights]
  }
}

/** Whether an override asks for integers, however slow. */
function isForced({overrides}: PassOptions): (node: Node) => boolean {
  const patterns = overrides.filter(({to}) => to === 'int8' || to === 'uint8').map(({pattern}) => pattern)
  return (node) => patterns.some((pattern) => matchesNode(node, pattern))
}

function weightPasses(model: Model, options: PassOptions, selection: Selection): Pass[] {
  const {perChannel, blockSize, format, weights} = options
  const type = WEIGHT_TYPES[weights]
  const only = quantizeWeightsOnly({
    ...selection,
    specOf: specsOf(model),
    perChannel,
    blockSize,
    typeOf: typeOf(options),
  })
  if (format === 'ort') return [quantizeRuntimeBlocks({...selection, type, blockSize}), only]
  const tables = opsetOf({domain: ''}, model) >= (perChannel ? OPSET.perChannel : OPSET.perTensor)
  return tables ? [quantizeEmbeddings({...selection, perChannel, typeOf: typeOf(options)}), only] : [only]
}

function dynamicPasses(model: Model, options: PassOptions, selection: Selection): Pass[] {
  const {mode, sizeOf, perChannel, peak, tuning = {}} = options
  const shared: DynamicOptions = {
    ...selection,
    specOf: specsOf(model),
    sizeOf,
    perChannel,
    peak,
    typeOf: typeOf(options),
    evenIfSlower: isForcedIn(tuning, mode) ? () => true : isForced(options),
    ...(tuning.largeProducts && {smallestProduct: LARGE_PRODUCT}),
  }
  return [...(tuning.floatRecurrent ? [] : [quantizeDynamicLstm(shared)]), quantizeDynamicMatMul(shared)]
}

async function staticPasses(model: Model, options: PassOptions, selection: Selection): Promise<Pass[]> {
  const {mode, perChannel, peak, activations, format, calibrate, provider, sizeOf, tuning = {}} = options
  const {graph} = model
  const forced = isForced(options)
  const keepFloat = without(otherFloats(graph, {staticProducts: mode === 'static', ...tuning}), forced)
  const floatStem = without(firstFloats(graph, tuning, sizeOf), forced)
  const planOptions = {...selection, specOf: specsOf(model), keepFloat, floatStem, isForced: forced}
  const {plan, ranges} = await calibratedPlan(graph, planOptions, calibrate)
  const integers = [
    quantizeStatic({plan, ranges, perChannel, peak, activations, typeOf: typeOf(options)}),
    ...(await biasPasses(plan, ranges, options)),
    hardSigmoidAsAdd,
  ]
  if (format === 'qoperator') return [...integers, qdqToQOperator]
  // int8 activations are for other runtimes, which need not know its operator
  const silu = provider === 'cpu' && activations === 'uint8' && !tuning.integerSilu
  return [...integers, ...(silu ? [floatSilu({sizeOf})] : [])]
}

/** Why a node stays float that reads a tensor without elements. */
export const EMPTY = 'it reads a tensor that has no elements on this data'

/** A plan in which every tensor has a range: what a tensor without elements feeds stays float. */
async function calibratedPlan(graph: Graph, options: PlanOptions, calibrate: PassOptions['calibrate']) {
  const keepFloat = new Map(options.keepFloat)
  for (;;) {
    const plan = planStatic(graph, {...options, keepFloat})
    const names = plan.tensors.map(({name}) => name)
    const ranges = names.length > 0 && calibrate ? await calibrate(names) : new Map<string, Range>()
    const empty = calibrate ? plan.tensors.filter(({name}) => !ranges.has(name)) : []
    const readers = empty.flatMap(({consumers}) => consumers.filter((node) => plan.integer.has(node)))
    for (const node of readers) keepFloat.set(node, EMPTY)
    if (readers.length === 0) return {plan, ranges}
  }
}

async function biasPasses(
  plan: StaticPlan,
  ranges: ReadonlyMap<string, Range>,
  {biasErrors, activations}: PassOptions,
): Promise<Pass[]> {
  const layers = biasedLayers(plan)
  if (!biasErrors || layers.length === 0) return []
  await biasErrors.keep(new GroupRanges(plan, ranges).saturation(activations))
  return [correctBiases(layers, (pairs) => biasErrors.measure(pairs))]
}

/** Whether products become integers whatever their size. */
function isForcedIn({allProducts, largeProducts}: Tuning, mode: QuantizeMode): boolean {
  return allProducts === true || (mode === 'dynamic' && !largeProducts)
}

function without(nodes: ReadonlyMap<Node, string>, forced: (node: Node) => boolean): Map<Node, string> {
  return new Map([...nodes].filter(([node]) => !forced(node)))
}
