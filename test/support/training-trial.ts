import {readFileSync} from 'node:fs'
import {clearField} from '@bufbuild/protobuf'
import type {ModelProto} from 'onnx-buf'
import {TensorProtoSchema} from 'onnx-buf'
import {encodeModel} from '../../src/io/encode-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import type {DistillOptions, FinetuneOptions} from '../../src/options/training.js'
import type {DataFolder} from './data-folder.js'
import {readForeign} from './foreign-model.js'
import {npyOf} from './npy-writer.js'
import {randomFloats} from './pass-trial.js'
import {distillOptions as distillingOptions, type Flat, trainingOptions} from './pipeline-options.js'

/** What a small net is to learn: which of three corners of a plane a point of four numbers is nearest to. */

export const SAMPLES = 120
const FEATURES = 4
const CLASSES = 3

/** Points and the rule's answer, `[samples, 4]` and class numbers. */
export function points(seed: number): {x: Float32Array; labels: number[]} {
  const x = Float32Array.from(randomFloats(SAMPLES * FEATURES, seed, 1))
  const labels = Array.from({length: SAMPLES}, (_, sample) => {
    const [a = 0, b = 0, c = 0, d = 0] = x.subarray(sample * FEATURES, (sample + 1) * FEATURES)
    return a + b > 0.5 * c ? 0 : b - d > 0 ? 1 : 2
  })
  return {x, labels}
}

/** The points as an .npz, with what else is to be in it. */
export function pointData(
  folder: DataFolder,
  name: string,
  {seed = 1, label, array = 'x'}: {seed?: number; label?: ArrayLike<number> | undefined; array?: string} = {},
): string {
  const {x} = points(seed)
  const labels = label && {label: npyOf(Float32Array.from(label), [label.length])}
  return folder.npz(name, {[array]: npyOf(x, [SAMPLES, FEATURES]), ...labels})
}

export interface NetOptions {
  readonly hidden?: number
  readonly seed?: number
  readonly opset?: number
  readonly input?: string
  readonly outputs?: number
  /** What follows the last layer. */
  readonly end?: (build: GraphBuilder, scores: Value) => void
}

/** A net of two layers from `[N, 4]` to scores, written to a file. Weights `w1`, `b1`, `w2`, `b2`; the hidden value is `h`. */
export function writeNet(folder: DataFolder, name: string, options: NetOptions = {}): string {
  const {
    hidden = 8,
    seed = 1,
    opset = 17,
    input = 'x',
    outputs = CLASSES,
    end = (build, y) => build.output(y),
  } = options
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const weight = (shape: readonly [number, number], offset: number, label: string): Value => {
    return build.floats(randomFloats(shape[0] * shape[1], seed + offset, Math.sqrt(3 / shape[0])), shape, label)
  }
  const x = build.input(input, ['N', FEATURES])
  const first = build.op('Gemm', [
    x,
    weight([FEATURES, hidden], 1, 'w1'),
    build.floats(new Float32Array(hidden), [hidden], 'b1'),
  ])
  const h = build.op('Relu', [first], {}, {outputs: ['h']})
  const last = [weight([hidden, outputs], 2, 'w2'), build.floats(new Float32Array(outputs), [outputs], 'b2')]
  end(build, build.op('Gemm', [h, ...last], {}, {outputs: ['scores']}))
  const model = emptyModel(graph, opset)
  model.metadata.set('author', 'somebody')
  inferModel(model)
  return folder.write(name, encodeModel(model))
}

const POINTS_TRAINING = {epochs: 30, batch: 16, learningRate: 0.05}

export function finetuneOptions(changes: Flat<FinetuneOptions>): FinetuneOptions {
  return trainingOptions({...POINTS_TRAINING, ...changes})
}

export function distillOptions(changes: Flat<DistillOptions> & {readonly student: string}): DistillOptions {
  return distillingOptions({...POINTS_TRAINING, ...changes})
}

/** A model as another library reads it, without the record of its training, and without the contents of some initializers. */
export function withoutTraining(path: string, trained: readonly string[]): ModelProto {
  const model = readForeign(readFileSync(path))
  model.metadataProps = model.metadataProps.filter(({key}) => key !== 'mopt.record')
  for (const tensor of model.graph?.initializer ?? []) {
    if (!trained.includes(tensor.name ?? '')) continue
    clearField(tensor, TensorProtoSchema.field.rawData)
    clearField(tensor, TensorProtoSchema.field.floatData)
  }
  return model
}
