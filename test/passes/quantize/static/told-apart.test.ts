import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {narrowed, toldApart} from '../../../../src/passes/quantize/static/told-apart.js'
import {modelOf} from '../../../support/pass-trial.js'

const ALL = {min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}

/** What the readers of a Tanh's result tell apart. */
function edges(read: (build: GraphBuilder, x: Value) => Value) {
  const model = modelOf((build) => {
    const x = build.op('Tanh', [build.input('x', [1, 8])], {}, {outputs: ['t']})
    build.output(read(build, x))
  })
  return toldApart(model.graph.nodes()[0]?.outputs[0] as Value)
}

const clipped = (build: GraphBuilder, x: Value, offset: number) =>
  build.op('Clip', [build.op('Add', [x, build.scalar(offset)]), build.scalar(0), build.scalar(6)])

describe('toldApart', () => {
  it('ends where HardSwish is 0, in each way to write it', () => {
    const zero = {min: -3, max: Number.POSITIVE_INFINITY}
    expect(edges((build, x) => build.op('HardSwish', [x]))).to.deep.equal(zero)
    expect(edges((build, x) => build.op('Mul', [x, clipped(build, x, 3)]))).to.deep.equal(zero)
    const third = edges((build, x) =>
      build.op('Mul', [build.op('HardSigmoid', [x], {alpha: float(0.25), beta: float(0.5)}), x]),
    )
    expect(third).to.deep.equal({min: -2, max: Number.POSITIVE_INFINITY})
  })

  it('ends on both sides where only a HardSigmoid reads', () => {
    expect(edges((build, x) => build.op('HardSigmoid', [x], {alpha: float(0.25), beta: float(0.5)}))).to.deep.equal({
      min: -2,
      max: 2,
    })
  })

  it('is everything for other readers, and for another factor than the value itself', () => {
    expect(edges((build, x) => build.op('Relu', [x]))).to.deep.equal(ALL)
    expect(edges((build, x) => build.op('Add', [x, clipped(build, x, 3)]))).to.deep.equal(ALL)
    expect(edges((build, x) => build.op('Mul', [build.op('Neg', [x]), clipped(build, x, 3)]))).to.deep.equal(ALL)
  })
})

describe('narrowed', () => {
  it('keeps a step beyond the edge, so that the lowest integer lies below it', () => {
    const {min, max} = narrowed({min: -40, max: 20}, {min: -3, max: Number.POSITIVE_INFINITY})
    expect(max).to.equal(20)
    expect(min).to.be.within(-3.1, -3 - 23 / 255)
  })

  it('leaves a range inside the edges as it is', () => {
    expect(narrowed({min: -1, max: 2}, {min: -3, max: 3})).to.deep.equal({min: -1, max: 2})
  })
})
