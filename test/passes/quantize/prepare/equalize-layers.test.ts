import {expect} from 'chai'
import {openModel} from '../../../../src/io/open-model.js'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import {readFloat32, type Tensor} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {equalizeLayers} from '../../../../src/passes/quantize/prepare/equalize-layers.js'
import {compareAround, floatFeed, modelOf, peakOf, randomFloats, type Write} from '../../../support/pass-trial.js'

const CHANNELS = 16

type Between = (build: GraphBuilder, x: Value) => Value

const relu6: Between = (build, x) => build.op('Clip', [x, build.scalar(0), build.scalar(6)])

/** Channels between two layers that are up to 1e4 times smaller than others, and as much larger in the next. */
function uneven(depthwise: boolean, between: Between, seed: number, before: Between = (_, x) => x): Write {
  const sizes = randomFloats(CHANNELS, seed).map((value) => 10 ** (4 * value))
  const rows = randomFloats(CHANNELS * 27, seed + 1).map((value, i) => value * (sizes[Math.floor(i / 27)] as number))
  const bias = randomFloats(CHANNELS, seed + 2).map((value, c) => value * (sizes[c] as number))
  const inner = depthwise ? 9 : 9 * CHANNELS
  const columns = randomFloats(CHANNELS * inner, seed + 3).map((value, i) => {
    const channel = depthwise ? Math.floor(i / 9) : Math.floor(i / 9) % CHANNELS
    return value / (sizes[channel] as number)
  })
  return (build) => {
    const weight = build.floats(rows, [CHANNELS, 3, 3, 3])
    const read = before(build, build.input('x', [1, 3, 12, 12]))
    const first = build.op('Conv', [read, weight, build.floats(bias)], {}, {name: 'first'})
    const next = build.floats(columns, [CHANNELS, inner / 9, 3, 3])
    const group = depthwise ? CHANNELS : 1
    build.output(build.op('Conv', [between(build, first), next], {group}, {name: 'second', outputs: ['y']}))
  }
}

/** Two Gemm with channels as uneven, the first with a bias per channel or one for all. */
function products(biasSize: number): Write {
  const sizes = randomFloats(CHANNELS, 3).map((value) => 10 ** (4 * value))
  const rows = randomFloats(4 * CHANNELS, 4).map((value, i) => value * (sizes[i % CHANNELS] as number))
  const columns = randomFloats(CHANNELS * 2, 5).map((value, i) => value / (sizes[Math.floor(i / 2)] as number))
  return (build) => {
    const bias = build.floats(randomFloats(biasSize, 6))
    const first = build.op('Gemm', [build.input('x', [2, 4]), build.floats(rows, [4, CHANNELS]), bias])
    build.output(build.op('Gemm', [build.op('Relu', [first]), build.floats(columns, [CHANNELS, 2])]))
  }
}

const feeds = {x: floatFeed([1, 3, 12, 12])}
const BETWEEN: Record<string, Between> = {
  nothing: (_, x) => x,
  Relu: (build, x) => build.op('Relu', [x]),
  LeakyRelu: (build, x) => build.op('LeakyRelu', [x], {alpha: float(0.2)}),
  'PRelu and a pool': (build, x) => {
    const slopes = build.floats(randomFloats(CHANNELS, 9), [CHANNELS, 1, 1])
    return build.op('MaxPool', [build.op('PRelu', [x, slopes])], {kernel_shape: [2, 2]})
  },
}

describe('equalizeLayers', () => {
  for (const [name, between] of Object.entries(BETWEEN)) {
    for (const depthwise of [false, true]) {
      it(`changes no output with ${name} between${depthwise ? ', depthwise' : ''}`, async () => {
        for (const seed of [1, 20]) {
          const {report, before, maxAbs} = await compareAround(
            uneven(depthwise, between, seed),
            feeds,
            () => equalizeLayers,
          )
          expect(report.changed.map(({node, to}) => [node, to])).to.deep.equal([['first', 'second']])
          expect(maxAbs).to.be.below(2e-6 * peakOf(before))
        }
      })
    }
  }

  const bounded: Record<string, Between> = {
    ReLU6: relu6,
    'a pool of tanh': (build, x) =>
      build.op('MaxPool', [build.op('Tanh', [x])], {kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1]}),
  }
  for (const [name, before] of Object.entries(bounded)) {
    for (const depthwise of [false, true]) {
      it(`lets channels grow below a bound behind ${name}${depthwise ? ', depthwise' : ''}`, async () => {
        // numbers of this size are at the ends of the range that the first layer reads, and the large channels at their bound
        const large = {x: floatFeed([1, 3, 12, 12], 7, 1000)}
        for (const seed of [1, 20]) {
          const net = uneven(depthwise, relu6, seed, before)
          const trial = await compareAround(net, large, () => equalizeLayers)
          expect(trial.report.changed.map(({node, to}) => [node, to])).to.deep.equal([['first', 'second']])
          expect(trial.maxAbs).to.be.below(2e-6 * peakOf(trial.before))
        }
      })
    }
  }

  it('leaves channels as they are that can meet a bound', async () => {
    const model = modelOf(uneven(false, relu6, 1, relu6))
    const constants = () =>
      [1, 2].map((slot) => {
        const first = model.graph.nodes().find(({name}) => name === 'first')
        return [...readFloat32(first?.inputs[slot]?.constant as Tensor)]
      }) as [number[], number[]]
    const [before] = constants()
    await equalizeLayers.run(model.graph)
    const [after, bias] = constants()
    const kept = bias.filter((shift, c) => {
      const rows = after.slice(c * 27, c * 27 + 27)
      const most = rows.reduce((sum, value) => sum + 6 * Math.max(0, value), shift)
      if (most > 6) expect(rows).to.deep.equal(before.slice(c * 27, c * 27 + 27))
      return most > 6
    })
    expect(kept.length).to.be.within(1, CHANNELS - 1)
    expect(after).to.not.deep.equal(before)
  })

  for (const size of [CHANNELS, 1]) {
    it(`changes no output of two Gemm with a bias of ${size}`, async () => {
      const {report, before, maxAbs} = await compareAround(products(size), {x: floatFeed([2, 4])}, () => equalizeLayers)
      expect(report.changed.length).to.equal(size === 1 ? 0 : 1)
      expect(maxAbs).to.be.at.most(2e-6 * peakOf(before))
    })
  }

  it('leaves alone what a bound, another reader or an output stands between', async () => {
    const apart: Record<string, Between> = {
      'a bound, below numbers of any size': relu6,
      reader: (build, x) => {
        build.output(build.op('Tanh', [x]))
        return x
      },
      output: (build, x) => build.output(x),
    }
    for (const between of Object.values(apart)) {
      const report = await equalizeLayers.run(modelOf(uneven(false, between, 1)).graph)
      expect(report.changed).to.be.empty
    }
  })

  for (const name of ['cnn_fm', 'resnet8_fm', 'mlp_fm']) {
    it(`finds nothing to gain in ${name}`, async () => {
      const {model, close} = await openModel(`fixtures/models/${name}.onnx`)
      expect((await equalizeLayers.run(model.graph)).changed).to.be.empty
      close()
    })
  }
})
