import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import type {Value} from '../../src/ir/value.js'
import {partsOf, tailOf} from '../../src/judge/output-tail.js'

describe('tailOf', () => {
  const tail = (write: (build: GraphBuilder, x: Value) => Value) => {
    const build = new GraphBuilder(new Graph())
    return tailOf(write(build, build.input('x', ['N', 8])))
  }

  it('is the last activation, whatever moved the numbers since', () => {
    expect(tail((build, x) => build.op('Softmax', [x]))).to.equal('softmax')
    expect(tail((build, x) => build.op('Cast', [build.op('Transpose', [build.op('Sigmoid', [x])])], {to: 1}))).to.equal(
      'sigmoid',
    )
    expect(tail((_, x) => x)).to.equal('other')
    expect(tail((build, x) => build.op('Add', [build.op('Softmax', [x]), x]))).to.equal('other')
  })

  it('takes operators of another domain, and names of the language, for nothing it knows', () => {
    expect(tail((build, x) => build.op('Softmax', [x], {}, {domain: 'my.own'}))).to.equal('other')
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(
        tail((build, x) => build.op(name, [x])),
        name,
      ).to.equal('other')
    }
  })

  it('takes the mean of probabilities for one, of others for a pool', () => {
    expect(tail((build, x) => build.op('ReduceMean', [build.op('Softmax', [x])]))).to.equal('sigmoid')
    expect(tail((build, x) => build.op('ReduceMean', [x]))).to.equal('pooled')
  })

  it('tells products: of two probabilities, with a comparison, and by 1', () => {
    const sure = (build: GraphBuilder, x: Value) => build.op('Sigmoid', [x])
    expect(tail((build, x) => build.op('Mul', [sure(build, x), sure(build, x)]))).to.equal('probability')
    const nearby = (build: GraphBuilder, x: Value) => build.op('Cast', [build.op('Equal', [x, x])], {to: 1})
    expect(tail((build, x) => build.op('Mul', [sure(build, x), nearby(build, x)]))).to.equal('peaks')
    expect(tail((build, x) => build.op('Mul', [sure(build, x), build.scalar(1)]))).to.equal('sigmoid')
    expect(tail((build, x) => build.op('Mul', [sure(build, x), build.scalar(2)]))).to.equal('other')
    expect(tail((build, x) => build.op('Mul', [sure(build, x), x]))).to.equal('other')
  })

  it('finds rows of length 1 through what keeps the length from 0', () => {
    const length = (build: GraphBuilder, x: Value) =>
      build.op('Sqrt', [build.op('ReduceSum', [build.op('Mul', [x, x])])])
    expect(tail((build, x) => build.op('Div', [x, build.op('Clip', [length(build, x), build.scalar(1e-6)])]))).to.equal(
      'unit length',
    )
    expect(tail((build, x) => build.op('Div', [x, build.op('ReduceL2', [x])]))).to.equal('unit length')
    expect(tail((build, x) => build.op('Div', [x, build.scalar(2)]))).to.equal('other')
  })

  it('tells the state of a recurrent layer from its answers', () => {
    const build = new GraphBuilder(new Graph())
    const x = build.input('x', [1, 1, 8])
    const [answers, state] = build.node('GRU', [x], {}, {outputs: 2}).outputs as [Value, Value]
    expect([tailOf(answers), tailOf(state)]).to.deep.equal(['other', 'recurrent state'])
  })

  it('gives up on endless chains', () => {
    const long = (build: GraphBuilder, x: Value) => {
      let value = build.op('Softmax', [x])
      for (let step = 0; step < 200; step++) value = build.op('Identity', [value])
      return value
    }
    expect(tail(long)).to.equal('other')
  })
})

describe('partsOf', () => {
  const concat = (write: (build: GraphBuilder, x: Value) => Value[]) => {
    const build = new GraphBuilder(new Graph())
    const x = build.input('x', ['N', 8])
    return partsOf(build.op('Transpose', [build.op('Concat', write(build, x), {axis: 1})]))
  }

  it('lists what was put together, where not all of it is alike', () => {
    expect(concat((build, x) => [x, build.op('Sigmoid', [x])])).to.deep.equal([
      {tail: 'other', size: 8},
      {tail: 'sigmoid', size: undefined},
    ])
  })

  it('is undefined for one piece, and for pieces that are alike', () => {
    expect(concat((_, x) => [x, x])).to.equal(undefined)
    const build = new GraphBuilder(new Graph())
    expect(partsOf(build.input('x', ['N']))).to.equal(undefined)
  })
})
