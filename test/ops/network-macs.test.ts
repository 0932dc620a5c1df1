import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import {derivedTensor} from '../../src/ir/tensor.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel, macsOf} from '../../src/ops/infer-graph.js'
import {shapeOf} from '../../src/ops/operand.js'

/** Networks by their shapes: weights that nobody reads take no memory. */
class Network {
  readonly build = new GraphBuilder(new Graph())
  value: Value = this.build.input('x', ['N', 3, 224, 224])

  conv(from: Value, channels: number, kernel: number, {stride = 1, group = 1} = {}): Value {
    const width = Number(shapeOf(from)?.[1]) / group
    const output = this.build.op('Conv', [from, this.weight([channels, width, kernel, kernel])], {
      strides: [stride, stride],
      pads: Array.from({length: 4}, () => (kernel - 1) / 2),
      group,
    })
    // channels are needed by the next layer before anything is inferred
    output.type = {kind: 'tensor', dtype: 'float32', shape: [undefined, channels, undefined, undefined]}
    return output
  }

  classifier(features: number): Model {
    const pooled = this.build.op('Flatten', [this.build.op('GlobalAveragePool', [this.value])])
    this.build.output(this.build.op('Gemm', [pooled, this.weight([1000, features])], {transB: 1}))
    const model = emptyModel(this.build.graph)
    inferModel(model, {dims: {N: 1}})
    return model
  }

  private weight(shape: readonly number[]): Value {
    const unread = () => {
      throw new Error('shapes do not need the weights')
    }
    return this.build.constant(derivedTensor('float32', shape, unread))
  }
}

function resNet18(): Model {
  const net = new Network()
  const stem = net.conv(net.value, 64, 7, {stride: 2})
  let width = 64
  net.value = net.build.op('MaxPool', [stem], {kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]})
  net.value.type = {kind: 'tensor', dtype: 'float32', shape: [undefined, width, undefined, undefined]}
  for (const channels of [64, 64, 128, 128, 256, 256, 512, 512]) {
    const stride = channels > width ? 2 : 1
    const inner = net.conv(net.conv(net.value, channels, 3, {stride}), channels, 3)
    const shortcut = stride === 2 ? net.conv(net.value, channels, 1, {stride}) : net.value
    net.value = net.build.op('Add', [inner, shortcut])
    net.value.type = inner.type
    width = channels
  }
  return net.classifier(512)
}

/** Rows of table 2 in Sandler et al. 2018: expansion, channels, repeats, stride. */
const INVERTED_RESIDUALS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const

function mobileNetV2(): Model {
  const net = new Network()
  net.value = net.conv(net.value, 32, 3, {stride: 2})
  let width = 32
  for (const [expansion, channels, repeats, firstStride] of INVERTED_RESIDUALS) {
    for (let block = 0; block < repeats; block++) {
      const stride = block === 0 ? firstStride : 1
      const hidden = width * expansion
      const wide = expansion === 1 ? net.value : net.conv(net.value, hidden, 1)
      net.value = net.conv(net.conv(wide, hidden, 3, {stride, group: hidden}), channels, 1)
      width = channels
    }
  }
  net.value = net.conv(net.value, 1280, 1)
  return net.classifier(1280)
}

describe('macsOf whole networks', () => {
  it("counts ResNet-18 at 224 as its authors' 1.8 billion", () => {
    expect(macsOf(resNet18())).to.equal(1_814_073_344)
  })

  it("counts MobileNetV2 at 224 as its authors' 300 million", () => {
    expect(macsOf(mobileNetV2())).to.equal(300_774_272)
  })
})
