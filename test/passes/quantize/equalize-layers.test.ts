import {expect} from 'chai'
import {openModel} from '../../../src/io/open-model.js'
import {float} from '../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {equalizeLayers} from '../../../src/passes/quantize/equalize-layers.js'
import {compareAround, floatFeed, modelOf, peakOf, randomFloats, type Write} from '../../support/pass-trial.js'

const CHANNELS = 16

/** Channels between two layers that are up to 1e4 times smaller than others, and as much larger in the next. */
function uneven(depthwise: boolean, between: (build: GraphBuilder, x: Value) => Value, seed: number): Write {
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
    const first = build.op('Conv', [build.input('x', [1, 3, 12, 12]), weight, build.floats(bias)], {}, {name: 'first'})
    const next = build.floats(columns, [CHANNELS, inner / 9, 3, 3])
    const group = depthwise ? CHANNELS : 1
    build.output(build.op('Conv', [between(build, first), next], {group}, {name: 'second', outputs: ['y']}))
  }
}

const feeds = {x: floatFeed([1, 3, 12, 12])}
const BETWEEN: Record<string, (build: GraphBuilder, x: Value) => Value> = {
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

  it('leaves alone what a bound, another reader or an output stands between', async () => {
    const apart: Record<string, (build: GraphBuilder, x: Value) => Value> = {
      clip: (build, x) => build.op('Clip', [x, build.scalar(0), build.scalar(6)]),
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
