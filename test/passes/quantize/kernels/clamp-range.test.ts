import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import {clampRange} from '../../../../src/passes/quantize/kernels/clamp-range.js'
import {modelOf, onlyNode, type Write} from '../../../support/pass-trial.js'

const {POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: LOW} = Number

function clampOf(opType: string, write: Write, opset = 17) {
  return clampRange(onlyNode(modelOf(write, opset), opType))
}

describe('clampRange', () => {
  it('is 0 and above for Relu, everything for others', () => {
    expect(clampOf('Relu', (build) => build.output(build.op('Relu', [build.input('x', [1])])))).to.deep.equal({
      min: 0,
      max: INF,
    })
    expect(clampRange(undefined)).to.deep.equal({min: LOW, max: INF})
  })

  it('reads the bounds of Clip from inputs, each of which may be missing', () => {
    const clip = (...bounds: (number | undefined)[]) =>
      clampOf('Clip', (build) => {
        const inputs = bounds.map((bound) => (bound === undefined ? undefined : build.scalar(bound)))
        build.output(build.op('Clip', [build.input('x', [1]), ...inputs]))
      })
    expect(clip(0, 6)).to.deep.equal({min: 0, max: 6})
    expect(clip(undefined, 6)).to.deep.equal({min: LOW, max: 6})
    expect(clip()).to.deep.equal({min: LOW, max: INF})
  })

  it('reads attributes before opset 11', () => {
    const range = clampOf(
      'Clip',
      (build) => build.output(build.op('Clip', [build.input('x', [1])], {min: float(-1), max: float(2)})),
      10,
    )
    expect(range).to.deep.equal({min: -1, max: 2})
  })

  it('is NaN where a bound is computed', () => {
    const range = clampOf('Clip', (build) => {
      build.output(build.op('Clip', [build.input('x', [1]), build.input('low', [])]))
    })
    expect(range.min).to.be.NaN
  })
})
