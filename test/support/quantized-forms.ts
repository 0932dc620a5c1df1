import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {tensorOf} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import type {Pass} from '../../src/passes/pass.js'
import {quantizeDynamicMatMul, whyNotDynamicProduct} from '../../src/passes/quantize/dynamic/dynamic-matmul.js'
import {storeFloat16} from '../../src/passes/quantize/float16/float16-storage.js'
import {packNibbles, WEIGHT_TYPES, type WeightType} from '../../src/passes/quantize/numbers/weight-type.js'
import {quantizeStatic} from '../../src/passes/quantize/static/static.js'
import {quantizeEmbeddings, whyNotTable} from '../../src/passes/quantize/weights/embeddings.js'
import {quantizeWeightsOnly} from '../../src/passes/quantize/weights/weights-only.js'
import {sequence} from '../../src/passes/sequence.js'
import {typeWhere} from './chosen-type.js'
import {apply, type Feeds, floatFeed, modelOf, randomFloats, specsFor, type Write} from './pass-trial.js'
import {planOf, rangesOf} from './static-trial.js'

/** A model with its weights kept as integers in one of the forms that files use. */
export interface QuantizedForm {
  readonly what: string
  readonly feeds: Feeds
  /** Names of the constants that hold integers to train, int32 biases included. */
  readonly integers: readonly string[]
  /** Largest difference of the same model with the integers in floats, from how its runtime rounds. */
  readonly tolerance: number
  make(): Promise<Model>
}

const OPSET = 21
const image = {x: floatFeed([2, 4, 7, 7])}
const rows = {x: floatFeed([3, 32])}
const ids = {ids: new OrtTensor('int64', BigInt64Array.of(0n, 39n, 5n, 17n, 7n, 1n), [2, 3])}

/** Conv with a bias, Relu, a pool, Gemm with a bias. */
const convolution: Write = (build) => {
  const [w, b] = [
    build.floats(randomFloats(16 * 4 * 9), [16, 4, 3, 3], 'w'),
    build.floats(randomFloats(16, 2), [16], 'b'),
  ]
  const y = build.op('Relu', [build.op('Conv', [build.input('x', ['N', 4, 7, 7]), w, b], {pads: [1, 1, 1, 1]})])
  const flat = build.op('Flatten', [build.op('GlobalAveragePool', [y])])
  const [v, c] = [build.floats(randomFloats(20 * 16, 3), [20, 16], 'v'), build.floats(randomFloats(20, 4), [20], 'c')]
  build.output(build.op('Gemm', [flat, v, c], {transB: 1}, {outputs: ['y']}))
}

/** Two products, one by a transposed matrix. */
const products: Write = (build) => {
  const [w, b] = [build.floats(randomFloats(32 * 24), [32, 24], 'w'), build.floats(randomFloats(24, 2), [24], 'b')]
  const h = build.op('Relu', [build.op('Add', [build.op('MatMul', [build.input('x', ['N', 32]), w]), b])])
  const v = build.floats(randomFloats(16 * 24, 3), [16, 24], 'v')
  build.output(build.op('Gemm', [h, v], {transB: 1}, {outputs: ['y']}))
}

/** An embedding, and the product behind it that reads the same table. */
const tied: Write = (build) => {
  const table = build.floats(randomFloats(40 * 32), [40, 32], 'table')
  const found = build.op('Gather', [table, build.input('ids', ['N', 'T'], 'int64')])
  const turned = build.op('Transpose', [table], {perm: [1, 0]})
  build.output(build.op('MatMul', [found, turned], {}, {outputs: ['y']}))
}

/** A matrix in blocks of 8 along its first axis, as other tools write 4 bits: `DequantizeLinear` with `block_size`. */
const blocks =
  (dtype: 'int4' | 'uint4'): Write =>
  (build) => {
    const steps = Int8Array.from(randomFloats(32 * 6, 5), (x) => Math.round(x * 7) + (dtype === 'int4' ? 0 : 8))
    // every block reaches both ends of its range
    for (let block = 0; block < 4; block++) {
      for (let c = 0; c < 6; c++) {
        steps[block * 48 + c] = dtype === 'int4' ? -7 : 0
        steps[block * 48 + 6 + c] = dtype === 'int4' ? 7 : 15
      }
    }
    const packed = (values: Int8Array) => Uint8Array.from([...packNibbles([values])].flatMap((piece) => [...piece]))
    const q = build.constant(tensorOf(dtype, [32, 6], packed(steps)), 'w_q')
    const scales = build.floats(
      randomFloats(24, 6).map((x) => 0.1 + Math.abs(x)),
      [4, 6],
      'w_s',
    )
    const points = build.constant(tensorOf('uint4', [4, 6], packed(new Int8Array(24).fill(8))), 'w_z')
    const inputs: Value[] = dtype === 'int4' ? [q, scales] : [q, scales, points]
    const w = build.op('DequantizeLinear', inputs, {axis: 0, block_size: 8})
    build.output(build.op('MatMul', [build.input('x', ['N', 32]), w], {}, {outputs: ['y']}))
  }

const productWhy = (model: Model) => (node: Node) =>
  node.opType === 'MatMul' || node.opType === 'Gemm' ? whyNotDynamicProduct(node, specsFor(model)) : null

async function passed(write: Write, passFor: (model: Model) => Pass | Promise<Pass>): Promise<Model> {
  const model = modelOf(write, OPSET)
  await apply(await passFor(model), model)
  return model
}

function weightsOnly(type: WeightType, perChannel = true, halfScales = false) {
  return (model: Model): Pass => {
    return quantizeWeightsOnly({specOf: specsFor(model), perChannel, typeOf: () => type, blockSize: 8, halfScales})
  }
}

function statically(type: WeightType, perChannel = true) {
  return async (model: Model): Promise<Pass> => {
    const plan = planOf(model)
    const ranges = await rangesOf(
      convolution,
      plan.tensors.map(({name}) => name),
      image,
      OPSET,
    )
    return quantizeStatic({plan, ranges, perChannel, typeOf: () => type})
  }
}

function stored(type: WeightType, perChannel = true): QuantizedForm {
  const what = `${type.dtype} weights ${perChannel ? 'per channel or block' : 'per tensor'}`
  const make = () => passed(products, weightsOnly(type, perChannel))
  return {what, feeds: rows, integers: ['w_q', 'v_q'], tolerance: 2e-5, make}
}

/** As other tools write static models: the zeros that biases are centred on stand in the file. */
const zeroPointsOfBiases: Pass = {
  name: 'zero-points-of-biases',
  run(graph) {
    for (const node of graph.nodes()) {
      const {dtype, shape = []} = node.inputs[0]?.constant ?? {}
      if (node.opType !== 'DequantizeLinear' || dtype !== 'int32') continue
      graph.setInput(node, 2, graph.constant(tensorOf('int32', shape, new Int32Array(shape[0] ?? 1)), 'zeros'))
    }
    return {changed: [], skipped: []}
  },
}

function atRest(type: WeightType, perChannel = true): QuantizedForm {
  const what = `static QDQ with ${type.dtype} weights ${perChannel ? 'per channel' : 'per tensor'}`
  const make = () => passed(convolution, statically(type, perChannel))
  return {what, feeds: image, integers: ['w_q', 'v_q', 'b_q', 'c_q'], tolerance: 1e-4, make}
}

/** Weights in blocks with scales of two bytes: training leaves scales of four. */
export function halfScaled(dtype: 'int4' | 'uint4'): QuantizedForm {
  const type = WEIGHT_TYPES[dtype]
  const make = () => passed(products, weightsOnly(type, true, true))
  return {...stored(type), what: `${dtype} weights per block, scales in float16`, make}
}

/** Every form that training can take apart and put together again. */
export const QUANTIZED_FORMS: readonly QuantizedForm[] = [
  ...[stored(WEIGHT_TYPES.int8), stored(WEIGHT_TYPES.int8, false), stored(WEIGHT_TYPES.uint8)],
  ...[stored(WEIGHT_TYPES.int4), stored(WEIGHT_TYPES.uint4)],
  ...[atRest(WEIGHT_TYPES.int8), atRest(WEIGHT_TYPES.int8, false), atRest(WEIGHT_TYPES.uint8)],
  {
    ...atRest(WEIGHT_TYPES.int8),
    what: 'static QDQ with zero points of biases',
    make: () =>
      passed(convolution, async (model) => sequence(await statically(WEIGHT_TYPES.int8)(model), zeroPointsOfBiases)),
  },
  {
    what: 'dynamic int8',
    feeds: rows,
    integers: ['w_q', 'v_q'],
    tolerance: 2e-5,
    make: () => {
      return passed(products, (model) => {
        return quantizeDynamicMatMul({perChannel: true, typeOf: typeWhere(productWhy(model))})
      })
    },
  },
  {
    what: 'float16 kept for storage',
    feeds: rows,
    integers: ['w_h', 'v_h'],
    tolerance: 1e-2,
    make: () => passed(products, () => storeFloat16({})),
  },
  {
    what: 'a table that is looked up and multiplied with',
    feeds: ids,
    integers: ['table_q'],
    tolerance: 2e-5,
    make: () => passed(tied, () => quantizeEmbeddings({perChannel: true, typeOf: typeWhere(whyNotTable)})),
  },
  ...(['int4', 'uint4'] as const).map((dtype) => ({
    what: `${dtype} in blocks along the first axis`,
    feeds: rows,
    integers: ['w_q'],
    tolerance: 2e-5,
    make: async () => modelOf(blocks(dtype), OPSET),
  })),
]
