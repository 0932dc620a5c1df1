import {float} from '../../src/ir/attribute.js'
import type {GraphBuilder} from '../../src/ir/build.js'
import type {Value} from '../../src/ir/value.js'
import {Layers} from './built-nets.js'
import type {Write} from './pass-trial.js'

/** Detectors with channels last, as exporters write them that transpose around each layer of ONNX, with seeded weights. */

export const NHWC_SIZE = 64

type Activation = (net: ChannelsLast, x: Value, channels: number) => Value

interface LayerOptions {
  readonly kernel?: number
  readonly stride?: number
  readonly depthwise?: boolean
  readonly activation?: Activation
}

export class ChannelsLast extends Layers {
  /** A layer of ONNX, whose channels are its second axis. */
  inner(x: Value, layer: (x: Value) => Value): Value {
    const turned = this.build.op('Transpose', [x], {perm: [0, 3, 1, 2]})
    return this.build.op('Transpose', [layer(turned)], {perm: [0, 2, 3, 1]})
  }

  /** Convolution, bias, and a normalization written out. Padding as TensorFlow has it: more behind than in front. */
  conv(x: Value, [to, from]: readonly [number, number], options: LayerOptions = {}): Value {
    const {kernel = 1, stride = 1, depthwise = false, activation = none} = options
    const each = depthwise ? 1 : from
    const weight = this.weight([to, each, kernel, kernel], (each * kernel * kernel) / 2)
    const behind = (kernel - stride + 1) >> 1
    const front = Math.max(0, kernel - stride - behind)
    const padded =
      kernel > 1 ? this.build.op('Pad', [x, this.build.ints([0, front, front, 0, 0, behind, behind, 0])]) : x
    const attributes = {kernel_shape: [kernel, kernel], strides: [stride, stride], group: depthwise ? from : 1}
    const sum = this.inner(padded, (turned) => this.build.op('Conv', [turned, weight], attributes))
    const scaled = this.build.op('Mul', [sum, this.around(1, to)])
    return activation(this, this.build.op('Add', [scaled, this.around(0, to)]), to)
  }

  around(middle: number, channels: number): Value {
    const numbers = this.weight([channels], 75).constant?.read() as Float32Array
    return this.build.floats(numbers.map((number) => number + middle))
  }

  halve(x: Value): Value {
    return this.inner(x, (turned) => this.build.op('MaxPool', [turned], {kernel_shape: [2, 2], strides: [2, 2]}))
  }

  double(x: Value, mode: string): Value {
    return this.build.op('Resize', [x, undefined, this.build.floats([1, 2, 2, 1])], {mode})
  }
}

const none: Activation = (_net, x) => x
const relu6: Activation = ({build}, x) => build.op('Clip', [x, build.scalar(0), build.scalar(6)])
const leaky: Activation = ({build}, x) => build.op('LeakyRelu', [x], {alpha: float(0.1)})
const prelu: Activation = (net, x, channels) => net.build.op('PRelu', [x, net.weight([1, 1, channels], 48)])
const hardSwish: Activation = ({build}, x) => build.op('HardSwish', [x])

/** Inverted blocks with residual Adds, a pool, an upsampled skip, two heads that are reshaped and joined. */
export function writeDetector(activation: Activation, mode: string): Write {
  return (build: GraphBuilder) => {
    const net = new ChannelsLast(build, 900)
    const image = build.input('x', [1, NHWC_SIZE, NHWC_SIZE, 3])
    const block = (x: Value, channels: number): Value => {
      const wide = net.conv(x, [channels * 2, channels], {activation})
      const deep = net.conv(wide, [channels * 2, channels * 2], {kernel: 3, depthwise: true, activation})
      return build.op('Add', [net.conv(deep, [channels, channels * 2]), x])
    }
    const stem = net.conv(image, [16, 3], {kernel: 3, stride: 2, activation})
    const fine = block(net.halve(stem), 16)
    const coarse = block(net.conv(fine, [32, 16], {kernel: 3, stride: 2, activation}), 32)
    const up = net.conv(net.double(coarse, mode), [16, 32], {activation})
    const joined = net.conv(build.op('Concat', [up, fine], {axis: 3}), [32, 32], {kernel: 3, activation})
    const heads = [joined, coarse].map((x) => build.op('Reshape', [net.conv(x, [12, 32]), build.ints([1, -1, 6])]))
    build.output(build.op('Concat', heads, {axis: 1}, {outputs: ['boxes']}))
    const mean = build.op('ReduceMean', [coarse], {axes: [1, 2], keepdims: 0})
    build.output(build.op('Sigmoid', [net.gemm(mean, 32, 4)], {}, {outputs: ['scores']}))
  }
}

export const DETECTORS: Readonly<Record<string, Write>> = {
  'Relu6 and nearest': writeDetector(relu6, 'nearest'),
  'LeakyRelu and linear': writeDetector(leaky, 'linear'),
  'PRelu and nearest': writeDetector(prelu, 'nearest'),
  'HardSwish and linear': writeDetector(hardSwish, 'linear'),
}
