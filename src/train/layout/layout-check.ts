import {GraphBuilder} from '../../ir/build.js'
import {Graph} from '../../ir/graph.js'
import {emptyModel, type Model} from '../../ir/model.js'
import {elementCount} from '../../ir/tensor.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {BLOCK_FORMS} from './block-forms.js'
import {BLOCKED_DOMAIN, BlockWriter} from './block-writer.js'
import {readConvolution} from './convolution.js'

interface Sample {
  readonly opType: 'Conv' | 'ConvTranspose'
  readonly data: readonly number[]
  readonly weight: readonly number[]
  readonly result: readonly number[]
  readonly attributes: Readonly<Record<string, readonly number[] | number>>
}

/** One convolution for each form, with channels for two blocks and more: where blocks are twice as large, numbers differ but sizes fit. */
function samplesFor(block: number): Sample[] {
  const pads = [1, 1, 1, 1]
  const [one, two] = [2 * block, 4 * block]
  return [
    {opType: 'Conv', data: [2, two, 5, 5], weight: [one, two, 3, 3], result: [2, one, 5, 5], attributes: {pads}},
    {
      opType: 'Conv',
      data: [2, two, 5, 5],
      weight: [two, 1, 3, 3],
      result: [2, two, 3, 3],
      attributes: {pads, group: two, strides: [2, 2]},
    },
    {
      opType: 'Conv',
      data: [1, 2 * one, 4, 4],
      weight: [one, 2, 4, 4],
      result: [1, one, 3, 3],
      attributes: {pads, group: one},
    },
    {
      opType: 'ConvTranspose',
      data: [2, one, 3, 3],
      weight: [one, 1, 3, 3],
      result: [2, one, 6, 6],
      attributes: {pads, group: one, strides: [2, 2], output_padding: [1, 1]},
    },
  ]
}

/** What the check is fed and gives; nothing is folded away because the input is not known before. */
export const CHECK_INPUT = 'one'
export const CHECK_OUTPUT = 'difference'

/**
 * A model that computes one convolution of every form in the plain layout and in blocks. The blocked operators are internal to
 * ONNX Runtime: another version or processor may take other blocks or have none, and then this model differs or does not load.
 *
 * @returns input `one`, a float32 1; output `difference`, the largest of all, in units of results around 1.
 */
export function layoutCheck(block: number): Model {
  const graph = new Graph('layout check')
  const build = new GraphBuilder(graph)
  const one = build.input(CHECK_INPUT, [])
  const writer = new BlockWriter(graph, block)
  const differences = samplesFor(block).map((sample, index) => differenceOf(build, writer, {sample, one, index}))
  build.output(build.op('Max', differences, {}, {outputs: [CHECK_OUTPUT]}))
  const model = emptyModel(graph)
  model.opsets.set(BLOCKED_DOMAIN, 1)
  return model
}

function differenceOf(
  build: GraphBuilder,
  writer: BlockWriter,
  {sample, one, index}: {sample: Sample; one: Value; index: number},
): Value {
  const [x, w] = [sample.data, sample.weight].map((shape) => {
    const value = build.op('Mul', [waves(build, shape), one])
    value.type = tensorType('float32', shape)
    return value
  })
  const node = build.node(sample.opType, [x, w], sample.attributes)
  const [plain] = node.outputs as readonly [Value]
  plain.type = tensorType('float32', sample.result)
  const convolution = readConvolution(node)
  const form = BLOCK_FORMS[index]
  if (!convolution || !form?.fits(convolution, writer.block)) throw new Error(`no sample for the form ${form?.name}`)
  const blocked = form.write(writer, convolution)
  const other = build.graph.newValue(build.graph.names.fresh('blocked'))
  writer.leave(blocked, other, sample.result[1] as number)
  return build.op('ReduceMax', [build.op('Abs', [build.op('Sub', [plain, other])])], {keepdims: 0})
}

/** Numbers between −0.5 and 0.5 that repeat nowhere. */
function waves(build: GraphBuilder, shape: readonly number[]): Value {
  const length = elementCount(shape)
  return build.floats(
    Array.from({length}, (_, position) => Math.sin(12.9898 * (position + 1)) / 2),
    shape,
  )
}
