import {copyGraph} from '../../ir/copy-graph.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {readFloat32, tensorOf} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {inferModel, opsetOf} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import {dequantizeForTraining} from '../../passes/quantize/trained/dequantize-for-training.js'
import {RULES} from '../../passes/simplify/rules.js'
import {untieConstants} from '../../train/step/parameters.js'
import {simplifyModel} from '../simplify/simplify-model.js'

/** The first version with LayerNormalization and Gelu: what is recognized needs an operator to become. */
const TRAINING_OPSET = 20

/**
 * Rules that only find a shorter way to write what is there. Those that compute with weights are left out: a weight that was folded,
 * merged with its like or dropped for being 1 could not be written back.
 */
const RECOGNIZING: ReadonlySet<string> = new Set([
  ...['inline-functions', 'inline-if', 'remove-identity', 'remove-dropout', 'remove-cast', 'merge-casts'],
  ...['remove-transpose', 'merge-transposes', 'remove-inverses', 'remove-single-input', 'remove-reshape'],
  ...['remove-slice', 'remove-expand', 'remove-pad', 'merge-reshapes', 'remove-where', 'remove-zero-state'],
  ...['fold-shape-arithmetic', 'fix-reshape-target', 'fix-expand-target', 'merge-sizes', 'merge-equal-nodes'],
  ...['fuse-layer-normalization', 'fuse-gelu', 'fuse-softmax', 'fuse-hard-sigmoid', 'fuse-hard-swish'],
  ...['fuse-global-average-pool', 'fuse-slice-squeeze', 'fuse-transpose-into-gemm', 'fuse-gemm', 'select-early'],
  'remove-dead',
])

/**
 * The model in the form that is trained: functions inlined, at least opset 20, decomposed LayerNormalization, Gelu and the like
 * recognized, weights kept as integers in floats behind fake quantization, types filled in. It computes the same. Trained weights go back into the original by name, see `applyWeights`: every
 * constant that training may move is there under the name it has here, provided that the original's functions were inlined first,
 * for weights inside a function stand once for all its calls.
 *
 * @param original not modified; tensors are shared with it.
 * @param path of the model, for error messages.
 * @param kept names of values inside that must be there in the copy too; others may not be.
 * @throws as upgradeModel and inferModel.
 */
export async function trainingCopy(original: Model, path = 'the model', kept: readonly string[] = []): Promise<Model> {
  const model: Model = {
    ...original,
    graph: copyGraph(original.graph),
    opsets: new Map(original.opsets),
    functions: [...original.functions],
    metadata: new Map(original.metadata),
    warnings: [],
  }
  // first: rules move nodes between the parts of what a quantizer wrote
  await dequantizeForTraining(opsetOf({domain: ''}, model)).run(model.graph)
  // under the names that untying the original gives: later fewer nodes would share
  untieConstants(model.graph, specsOf(model))
  const known = new Set(model.graph.constants().map(({name}) => name))
  const rules = RULES.filter(({name}) => RECOGNIZING.has(name))
  const opset = Math.max(TRAINING_OPSET, opsetOf({domain: ''}, model))
  // rules leave outputs alone
  const inside = model.graph.nodes().flatMap(({outputs}) => outputs.filter((value) => kept.includes(value?.name ?? '')))
  for (const value of inside) if (value) model.graph.addOutput(value)
  await simplifyModel(model, path, {rules, opset, inputShapes: {}, dims: {}, limitBytes: 0})
  for (const _ of inside) model.graph.dropOutput()
  for (const value of model.graph.constants()) if (!known.has(value.name)) keepFixed(model.graph, value)
  inferModel(model)
  return model
}

/** Ones that a rule put where an operator wants a scale: made by a node, so that nobody takes them for a weight. */
function keepFixed(graph: Graph, value: Value): void {
  const tensor = value.constant
  const [reader] = value.consumers
  if (tensor?.dtype !== 'float32' || tensor.shape.length === 0 || !reader) return
  const data = readFloat32(tensor)
  const [number = 0] = data
  if (!data.every((one) => one === number)) return
  const sizes = graph.constant(tensorOf('int64', [tensor.shape.length], BigInt64Array.from(tensor.shape, BigInt)))
  const filled = {value: {type: 'tensor', value: tensorOf('float32', [1], Float32Array.of(number))}} as const
  const node = graph.insertBefore(reader, {opType: 'ConstantOfShape', inputs: [sizes], attributes: filled})
  graph.replaceUses(value, node.outputs[0] as Value)
  graph.removeConstant(value)
}
