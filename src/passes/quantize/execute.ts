import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {inferModel} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {Pass, Skip} from '../pass.js'
import {removeCast} from '../simplify/rules/remove-cast.js'
import {quantizeDynamicLstm} from './dynamic/dynamic-lstm.js'
import {quantizeDynamicMatMul} from './dynamic/dynamic-matmul.js'
import {computeFloat16} from './float16/float16-compute.js'
import {storeFloat16} from './float16/float16-storage.js'
import type {SizeOf} from './kernels/free-dims.js'
import type {RoundingOf} from './numbers/weight-rounding.js'
import type {ChosenType} from './numbers/weight-type.js'
import {hasPackedWeight, type Writer, weightTypeOf, writerOf} from './plan/form.js'
import type {Choice, Plan} from './plan/plan.js'
import {type ScaleInputsOptions, scaleInputs} from './prepare/scale-inputs.js'
import type {ActivationType, Range} from './static/activation-scale.js'
import {biasedLayers, correctBiases, type MeasureErrors} from './static/correct-biases.js'
import {floatSilu} from './static/float-silu.js'
import {GroupRanges} from './static/group-ranges.js'
import {hardSigmoidAsAdd} from './static/hard-sigmoid-as-add.js'
import {qdqToQOperator} from './static/qdq-to-qoperator.js'
import {quantizeStatic} from './static/static.js'
import {quantizeEmbeddings} from './weights/embeddings.js'
import {quantizeRuntimeBlocks} from './weights/runtime-blocks.js'
import {SMALLEST_BLOCK} from './weights/stored-weight.js'
import {quantizeWeightsOnly} from './weights/weights-only.js'

/** How the forms of a plan are written. */
export interface WritingOptions {
  readonly activations: ActivationType
  readonly perChannel: boolean
  readonly format: 'qdq' | 'qoperator' | 'ort'
  /** Weights that share 32 bits of scale, in 4-bit types. */
  readonly blockSize: number
  /** How 4-bit weights are rounded; each to the nearest when absent. */
  readonly rounding?: RoundingOf | undefined
  /** What channels are divided by, and their weights multiplied with, before 4-bit weights are rounded. */
  readonly inputFactors?: ScaleInputsOptions['factorsOf'] | undefined
  /** float16 only: inputs and outputs stay float32. */
  readonly keepIo: boolean
  readonly provider: string
  /** What computes beside integer weights, where that is not float32. */
  readonly rest?: 'float16' | undefined
  /** Largest weight magnitude the processor multiplies exactly. */
  readonly peak?: number | undefined
  readonly sizeOf: SizeOf
  /** SiLU on integers only, where it would be one float kernel. */
  readonly integerSilu?: boolean | undefined
  /** Keeps the float graph, and measures layers of the quantized one against it; biases stay as they are when absent. */
  readonly biasErrors?:
    | {keep(saturation: ReadonlyMap<string, Range>): Promise<void>; measure: MeasureErrors}
    | undefined
}

/**
 * The passes that carry out a plan, one writer per form, in order. They decide nothing.
 *
 * @param plan of this very graph, as it stands.
 * @param ranges what calibration saw, per name of the plan's tensors.
 */
export async function passesOf(
  model: Model,
  plan: Plan,
  ranges: ReadonlyMap<string, Range>,
  options: WritingOptions,
): Promise<Pass[]> {
  const {perChannel, blockSize, peak, provider, keepIo} = options
  const specOf = specsOf(model)
  const has = (writer: Writer) => [...plan.choices.values()].some(({form}) => writerOf(form) === writer)
  const isHalfRest = options.rest === 'float16'
  const isOfIntegers = [...plan.choices.values()].some(({form}) => weightTypeOf(form) !== undefined)
  const isComputed = has('float16') && provider !== 'cpu' && !isHalfRest && !isOfIntegers
  if (isComputed) return [computeFloat16({keepIo, keep: widesOf(plan)})]
  const mayShare = (node: Node) => {
    const form = plan.choices.get(node)?.form
    return form !== 'float' && form !== 'float16'
  }
  const mayRead = (node: Node) => plan.choices.get(node)?.form === 'float16'
  const dynamic = typesBy(plan, 'dynamic')
  const isLstm = ({opType}: Node) => opType === 'LSTM'
  const rounding: RoundingOf = (node, slot) => {
    const form = plan.choices.get(node)?.form
    return form && hasPackedWeight(form) ? options.rounding?.(node, slot) : undefined
  }
  // two scales in float16 take the bytes of one in float32, which is what the runtime's operators read
  const halved = {blockSize: Math.max(SMALLEST_BLOCK, blockSize / 2), halfScales: true}
  const stored = {specOf, perChannel, rounding, ...halved, mayShare, typeOf: typesBy(plan, 'stored')}
  const inBlocks = {typeOf: typesBy(plan, 'blocks'), blockSize, halfScales: isHalfRest, rounding}
  return [
    ...(options.inputFactors ? [scaleInputs({factorsOf: options.inputFactors})] : []),
    ...(has('float16') && !isHalfRest ? [storeFloat16({mayRead})] : []),
    ...(plan.spans.compute.size > 0 ? await staticPasses(plan, ranges, options) : []),
    ...(has('dynamic')
      ? [
          quantizeDynamicLstm({perChannel, peak, typeOf: (node) => (isLstm(node) ? dynamic(node) : undefined)}),
          quantizeDynamicMatMul({perChannel, peak, typeOf: (node) => (isLstm(node) ? undefined : dynamic(node))}),
        ]
      : []),
    ...(has('blocks') ? [quantizeRuntimeBlocks(inBlocks)] : []),
    ...(has('table') ? [quantizeEmbeddings({perChannel, typeOf: typesBy(plan, 'table'), mayShare})] : []),
    ...(has('stored') ? [quantizeWeightsOnly(stored)] : []),
    ...(isHalfRest
      ? [typesOf(model), computeFloat16({keepIo, keep: widesOf(plan), keepConstant: true}), removeCast]
      : []),
  ]
}

/** Types of what was written since the model was prepared. */
function typesOf(model: Model): Pass {
  return {
    name: 'types',
    run: () => {
      inferModel(model)
      return {changed: [], skipped: []}
    },
  }
}

/** The type of the weight of nodes in some form. */
function typesBy({choices}: Plan, writer: Writer): ChosenType {
  return (node) => {
    const form = choices.get(node)?.form
    return form !== undefined && writerOf(form) === writer ? weightTypeOf(form) : undefined
  }
}

/** The results that are computed in float32 by choice, whichever node gives them in the end. */
function widesOf({choices}: Plan): Map<Value, string> {
  const reasonOf = ({form, because, wide}: Choice) => (form === 'float' ? because : wide)
  return new Map(
    [...choices.values()].flatMap((choice) => {
      const reason = reasonOf(choice)
      return reason === undefined
        ? []
        : choice.node.outputs.flatMap((value) => (value ? [[value, reason] as const] : []))
    }),
  )
}

/** The layers that a plan leaves in float, with the reason. */
export function skippedBy({choices}: Plan): Skip[] {
  return [...choices.values()].flatMap(({node, form, because}) =>
    form === 'float' ? [{node: node.name, op: node.opType, reason: because}] : [],
  )
}

async function staticPasses(
  {spans: plan, ...rest}: Plan,
  ranges: ReadonlyMap<string, Range>,
  options: WritingOptions,
): Promise<Pass[]> {
  const {perChannel, peak, activations, format, provider, sizeOf, integerSilu} = options
  const integers = [
    quantizeStatic({
      ...{plan, ranges, perChannel, activations, typeOf: typesBy({spans: plan, ...rest}, 'static')},
      ...(peak !== undefined && {peak}),
    }),
    ...(await biasPasses(plan, ranges, options)),
    hardSigmoidAsAdd,
  ]
  if (format === 'qoperator') return [...integers, qdqToQOperator]
  // int8 activations are for other runtimes, which need not know its operator
  const silu = provider === 'cpu' && activations === 'uint8' && !integerSilu
  return [...integers, ...(silu ? [floatSilu({sizeOf})] : [])]
}

async function biasPasses(
  spans: Plan['spans'],
  ranges: ReadonlyMap<string, Range>,
  {biasErrors, activations}: WritingOptions,
): Promise<Pass[]> {
  const layers = biasedLayers(spans)
  if (!biasErrors || layers.length === 0) return []
  await biasErrors.keep(new GroupRanges(spans, ranges).saturation(activations))
  return [correctBiases(layers, (pairs) => biasErrors.measure(pairs))]
}
