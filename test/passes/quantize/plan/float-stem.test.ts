import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {SizeOf} from '../../../../src/passes/quantize/kernels/free-dims.js'
import {floatStem} from '../../../../src/passes/quantize/plan/float-stem.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

const stem =
  (channels: number, kernel: number): Write =>
  (build) => {
    const weight = build.floats(randomFloats(8 * channels * kernel ** 2), [8, channels, kernel, kernel])
    const conv = build.op('Conv', [build.input('x', [1, channels, 12, 12]), weight], {}, {name: 'conv'})
    const pool = build.op(
      'MaxPool',
      [build.op('Relu', [conv], {}, {name: 'relu'})],
      {kernel_shape: [2, 2]},
      {name: 'pool'},
    )
    const next = build.floats(randomFloats(8 * 8 * 9), [8, 8, 3, 3])
    build.output(build.op('Conv', [pool, next], {}, {name: 'second'}))
  }

/** Sizes as the graph has them. */
const sizeOf: SizeOf = (dim) => (typeof dim === 'number' ? dim : undefined)

const namesOf = (write: Write) => [...floatStem(modelOf(write).graph, sizeOf).keys()].map(({name}) => name)

describe('floatStem', () => {
  it('is a small first convolution of few channels, with the activation and the pool behind it', () => {
    for (const channels of [1, 3, 4]) expect(namesOf(stem(channels, 3))).to.deep.equal(['conv', 'relu', 'pool'])
  })

  it('is not one whose output leaves the caches at the expected batch', () => {
    const write: Write = (build) => {
      const conv = build.op('Conv', [
        build.input('x', ['N', 3, 12, 12]),
        build.floats(randomFloats(8 * 27), [8, 3, 3, 3]),
      ])
      build.output(build.op('Relu', [conv]))
    }
    const stemAt = (batch: number) => {
      return floatStem(modelOf(write).graph, (dim) => (typeof dim === 'number' ? dim : batch)).size
    }
    expect([stemAt(1), stemAt(1000), stemAt(6000)]).to.deep.equal([2, 2, 0])
  })

  it('is not a large kernel, nor one of many channels, nor a later convolution', () => {
    expect(namesOf(stem(3, 7))).to.be.empty
    expect(namesOf(stem(5, 3))).to.be.empty
  })

  it('takes the squeeze-excite behind its depthwise convolution along, up to the Mul', () => {
    const weight = (build: GraphBuilder, shape: readonly number[]) =>
      build.floats(randomFloats(shape.reduce((a, b) => a * b)), shape)
    const names = namesOf((build) => {
      const conv = build.op('Conv', [build.input('x', [1, 3, 12, 12]), weight(build, [8, 3, 3, 3])], {}, {name: 'conv'})
      const wide = build.op('Conv', [conv, weight(build, [8, 1, 3, 3])], {group: 8}, {name: 'depthwise'})
      const pool = build.op('GlobalAveragePool', [wide], {}, {name: 'pool'})
      const inside = build.op('Conv', [pool, weight(build, [4, 8, 1, 1])], {}, {name: 'squeeze'})
      const outside = build.op('Conv', [inside, weight(build, [8, 4, 1, 1])], {}, {name: 'excite'})
      const gate = build.op('Sigmoid', [outside], {}, {name: 'gate'})
      const product = build.op('Mul', [wide, gate], {}, {name: 'product'})
      build.output(build.op('Conv', [product, weight(build, [4, 8, 1, 1])], {}, {name: 'projection'}))
    })
    expect(names).to.deep.equal(['conv', 'depthwise', 'pool', 'squeeze', 'excite', 'gate', 'product'])
  })

  it('ends where the result has two readers', () => {
    const write: Write = (build) => {
      const conv = build.op('Conv', [build.input('x', [1, 3, 8, 8]), build.floats(randomFloats(216), [8, 3, 3, 3])])
      build.output(build.op('Relu', [conv]))
      build.output(build.op('Abs', [conv]))
    }
    const nodes = [...floatStem(modelOf(write).graph, sizeOf).keys()]
    expect(nodes.map(({opType}) => opType)).to.deep.equal(['Conv'])
  })
})
