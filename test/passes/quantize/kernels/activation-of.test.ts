import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import {GraphBuilder as Builder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Value} from '../../../../src/ir/value.js'
import {activationOf} from '../../../../src/passes/quantize/kernels/activation-of.js'

function found(write: (build: GraphBuilder, x: Value) => Value) {
  const build = new Builder(new Graph())
  const x = build.input('x', [4])
  const end = write(build, x)
  build.output(build.op('Abs', [end]))
  const {nodes, result} = activationOf(x)
  return {types: nodes.map(({opType}) => opType), atEnd: result === end}
}

describe('activationOf', () => {
  it('finds a function of one node', () => {
    expect(found((build, x) => build.op('Relu', [x]))).to.deep.equal({types: ['Relu'], atEnd: true})
  })

  it('finds SiLU and HardSwish, a gate times its own input, in either order', () => {
    const silu = found((build, x) => build.op('Mul', [x, build.op('Sigmoid', [x])]))
    const swish = found((build, x) => build.op('Mul', [build.op('HardSigmoid', [x]), x]))
    expect(silu).to.deep.equal({types: ['Sigmoid', 'Mul'], atEnd: true})
    expect(swish).to.deep.equal({types: ['HardSigmoid', 'Mul'], atEnd: true})
  })

  it('finds none where another node reads the value too', () => {
    const {types} = found((build, x) => {
      build.output(build.op('Neg', [x]))
      return build.op('Relu', [x])
    })
    expect(types).to.be.empty
  })
})
