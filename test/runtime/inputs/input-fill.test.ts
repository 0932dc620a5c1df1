import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import type {DType} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Value} from '../../../src/ir/value.js'
import {fillOf} from '../../../src/runtime/inputs/input-fill.js'

describe('fillOf', () => {
  const fill = (dtype: DType, use: (build: GraphBuilder, x: Value) => void = () => {}, name = 'x') => {
    const build = new GraphBuilder(new Graph())
    const x = build.input(name, ['N', 4], dtype)
    use(build, x)
    return fillOf(x, dtype)
  }
  const table = (build: GraphBuilder, rows: number) => build.floats(new Float32Array(rows * 2), [rows, 2])

  it('goes by the type where nothing else is known', () => {
    expect(fill('float32')).to.deep.equal({kind: 'normal'})
    expect(fill('uint8')).to.deep.equal({kind: 'integers', below: 256})
    expect(fill('int8')).to.deep.equal({kind: 'integers', below: 128})
    expect(fill('int64')).to.deep.equal({kind: 'constant', value: 1})
    expect(fill('bool')).to.deep.equal({kind: 'constant', value: 1})
  })

  it('keeps ids below the smallest table they index, through what moves them', () => {
    const ids = fill('int64', (build, x) => {
      build.op('Gather', [table(build, 100), x])
      build.op('Gather', [table(build, 7), build.op('Unsqueeze', [build.op('Cast', [x], {to: 6}), build.ints([0])])])
    })
    expect(ids).to.deep.equal({kind: 'integers', below: 7})
    const computed = fill('int64', (build, x) => build.op('Gather', [table(build, 7), build.op('Neg', [x])]))
    expect(computed).to.deep.equal({kind: 'constant', value: 1})
  })

  it('counts rows along the axis that is indexed, also of tables that are unpacked', () => {
    const along = fill('int64', (build, x) =>
      build.op('Gather', [build.floats(new Float32Array(6), [2, 3]), x], {axis: -1}),
    )
    expect(along).to.deep.equal({kind: 'integers', below: 3})
    const unpacked = fill('int64', (build, x) => {
      build.op('Gather', [build.op('DequantizeLinear', [table(build, 9), build.scalar(1)]), x])
    })
    expect(unpacked).to.deep.equal({kind: 'integers', below: 9})
  })

  it('opens masks, by their name or by what is done with them', () => {
    expect(fill('float32', () => {}, 'attention_mask')).to.deep.equal({kind: 'constant', value: 1})
    const hides = (penalty: number) => (build: GraphBuilder, x: Value) => {
      build.op('Mul', [build.op('Sub', [build.scalar(1), x]), build.scalar(penalty)])
    }
    expect(fill('float32', hides(-10000))).to.deep.equal({kind: 'constant', value: 1})
    expect(fill('float32', hides(-2))).to.deep.equal({kind: 'normal'})
  })
})
