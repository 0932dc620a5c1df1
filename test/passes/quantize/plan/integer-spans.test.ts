import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Value} from '../../../../src/ir/value.js'
import type {IntegerSpans} from '../../../../src/passes/quantize/plan/integer-spans.js'
import {editsOf} from '../../../../src/passes/quantize/plan/option-edits.js'
import {modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'
import {planOf} from '../../../support/static-trial.js'

/** A 3x3 convolution of eight channels that keeps the size. */
function conv(build: GraphBuilder, x: Value, name: string, seed = 1): Value {
  const weight = build.floats(randomFloats(8 * 8 * 9, seed), [8, 8, 3, 3], `${name}.w`)
  return build.op('Conv', [x, weight], {pads: [1, 1, 1, 1]}, {name, outputs: [name]})
}

const image = (build: GraphBuilder) => build.input('x', [1, 8, 6, 6])

function describePlan({compute, absorbed, tensors, integer, groups}: IntegerSpans) {
  return {
    compute: [...compute.keys()].map(({name}) => name),
    absorbed: [...absorbed.values()].map(({name}) => name),
    tensors: tensors.map(({name}) => name),
    between: [...integer].filter((node) => !compute.has(node)).map(({name}) => name),
    shared: tensors
      .filter((value) => tensors.some((other) => other !== value && same(other, value)))
      .map(({name}) => name),
  }
  function same(a: Value, b: Value) {
    return groups.rootOf(a) === groups.rootOf(b)
  }
}

const plan = (write: Write) => describePlan(planOf(modelOf(write)))

describe('integerSpans', () => {
  it('absorbs Relu into the quantizer behind the convolution', () => {
    const found = plan((build) => {
      const relu = build.op('Relu', [conv(build, image(build), 'a')], {}, {name: 'r', outputs: ['r']})
      build.output(conv(build, relu, 'b'))
    })
    expect(found).to.deep.include({compute: ['a', 'b'], absorbed: ['r'], tensors: ['x', 'r', 'b']})
  })

  it('keeps a Relu whose input somebody else reads, or that is a graph output', () => {
    const found = plan((build) => {
      const a = conv(build, image(build), 'a')
      build.output(build.op('Relu', [a], {}, {name: 'r'}))
      build.output(conv(build, a, 'b'))
    })
    expect(found).to.deep.include({absorbed: [], compute: ['a', 'b']})
  })

  for (const [low, high, absorbed] of [
    [0, 6, true],
    [-1, 1, true],
    [1, 6, false],
    [-6, -1, false],
  ] as const) {
    it(`${absorbed ? 'absorbs' : 'keeps'} Clip to ${low}..${high}: a quantizer's range always holds 0`, () => {
      const found = plan((build) => {
        const bounds = [build.scalar(low), build.scalar(high)]
        const clip = build.op('Clip', [conv(build, image(build), 'a'), ...bounds], {}, {name: 'c'})
        build.output(conv(build, clip, 'b'))
      })
      expect(found.absorbed).to.deep.equal(absorbed ? ['c'] : [])
    })
  }

  it('takes pools, reshapes and residual Adds between integer layers along, pools with the scale of their input', () => {
    const found = plan((build) => {
      const a = conv(build, image(build), 'a')
      const sum = build.op('Add', [a, conv(build, a, 'b')], {}, {name: 'sum', outputs: ['sum']})
      const pool = build.op(
        'MaxPool',
        [sum],
        {kernel_shape: [2, 2], strides: [2, 2]},
        {name: 'pool', outputs: ['pool']},
      )
      const flat = build.op('Flatten', [pool], {}, {name: 'flat', outputs: ['flat']})
      build.output(build.op('Gemm', [flat, build.floats(randomFloats(720), [72, 10])], {}, {name: 'fc'}))
    })
    expect(found.between).to.deep.equal(['sum', 'pool', 'flat'])
    expect(found.shared).to.deep.equal(['sum', 'pool', 'flat'])
    expect(found.tensors).to.deep.equal(['x', 'a', 'b', 'sum', 'pool', 'flat'])
  })

  it('gives all operands of a Concat and its result one scale', () => {
    const found = plan((build) => {
      const x = image(build)
      const both = build.op(
        'Concat',
        [conv(build, x, 'a'), conv(build, x, 'b')],
        {axis: 1},
        {name: 'cat', outputs: ['cat']},
      )
      const weight = build.floats(randomFloats(8 * 16), [8, 16, 1, 1])
      build.output(build.op('Conv', [both, weight], {}, {name: 'c'}))
    })
    expect(found.between).to.deep.equal(['cat'])
    expect(found.shared).to.deep.equal(['a', 'b', 'cat'])
  })

  it('keeps a Relu whose scale is shared with values below 0, which the quantizer would let through', () => {
    const found = plan((build) => {
      const x = image(build)
      const relu = build.op('Relu', [conv(build, x, 'a')], {}, {name: 'r', outputs: ['r']})
      const both = build.op('Concat', [relu, conv(build, x, 'b')], {axis: 1}, {name: 'cat'})
      build.output(build.op('Conv', [both, build.floats(randomFloats(128), [8, 16, 1, 1])], {}, {name: 'c'}))
    })
    expect(found).to.deep.include({absorbed: [], between: ['cat']})
    expect(found.tensors).to.include.members(['a', 'r', 'b'])
  })

  it('keeps a Relu behind a Concat, whose operands have its scale', () => {
    const found = plan((build) => {
      const x = image(build)
      const both = build.op('Concat', [conv(build, x, 'a'), conv(build, x, 'b')], {axis: 1})
      const relu = build.op('Relu', [both], {}, {name: 'r'})
      build.output(build.op('Conv', [relu, build.floats(randomFloats(128), [8, 16, 1, 1])], {}, {name: 'c'}))
    })
    expect(found.absorbed).to.be.empty
  })

  it('absorbs all Relus in front of one Concat', () => {
    const found = plan((build) => {
      const x = image(build)
      const relus = ['a', 'b'].map((name) => build.op('Relu', [conv(build, x, name)], {}, {name: `${name}.r`}))
      const both = build.op('Concat', relus, {axis: 1}, {name: 'cat'})
      build.output(build.op('Conv', [both, build.floats(randomFloats(128), [8, 16, 1, 1])], {}, {name: 'c'}))
    })
    expect(found).to.deep.include({absorbed: ['a.r', 'b.r'], between: ['cat']})
  })

  it('leaves an Add with a mask or a constant in float', () => {
    const found = plan((build) => {
      const product = build.op(
        'MatMul',
        [build.input('h', [1, 4, 8]), build.floats(randomFloats(32), [8, 4])],
        {},
        {name: 'm'},
      )
      const masked = build.op('Add', [product, build.input('mask', [1, 1, 4])], {}, {name: 'mask-add'})
      const weight = build.floats(randomFloats(40), [4, 10])
      build.output(build.op('MatMul', [build.op('Softmax', [masked]), weight], {}, {name: 'n'}))
    })
    expect(found).to.deep.include({compute: ['m', 'n'], between: []})
  })

  it('leaves a pool or Add that no integer layer reads in float', () => {
    const found = plan((build) => {
      const x = image(build)
      const sum = build.op('Add', [conv(build, x, 'a'), conv(build, x, 'b')], {}, {name: 'sum'})
      build.output(build.op('GlobalAveragePool', [sum], {}, {name: 'pool'}))
    })
    expect(found.between).to.be.empty
  })

  it('gives a Gemm at the end no quantizer: it has float results for free', () => {
    const found = plan((build) => {
      const weight = build.floats(randomFloats(80), [8, 10])
      build.output(build.op('Gemm', [build.input('x', [1, 8]), weight], {}, {name: 'fc', outputs: ['y']}))
    })
    expect(found.tensors).to.deep.equal(['x'])
  })

  it('says why layers stay float: excluded, kept by rule, float stem, no kernel', () => {
    const model = modelOf((build) => {
      const stem = build.op(
        'Conv',
        [build.input('x', [1, 3, 8, 8]), build.floats(randomFloats(216), [8, 3, 3, 3])],
        {},
        {name: 'stem'},
      )
      const a = conv(build, conv(build, stem, 'a'), 'b')
      const weight = build.floats(randomFloats(8 * 4 * 4), [8, 4, 2, 2])
      build.output(build.op('ConvTranspose', [a, weight], {}, {name: 'up'}))
    })
    const {skipped, compute} = planOf(model, [
      ...editsOf({exclude: [/^a$/], excludeOps: [], overrides: []}),
      {match: {nodes: new Set(['b'])}, to: 'float', because: 'as the caller wants'},
      {match: {nodes: new Set(['stem'])}, to: 'stem', because: 'a stem'},
    ])
    expect([...compute.keys()]).to.be.empty
    expect(skipped.map(({node, reason}) => [node, reason])).to.deep.equal([
      ['stem', 'a stem'],
      ['a', 'excluded by --exclude ^a$'],
      ['b', 'as the caller wants'],
      ['up', 'the runtime has no integer kernel for it: only its weight is stored as integers'],
    ])
  })

  it('leaves the layers of branches in float and says why', () => {
    const model = modelOf((build) => {
      const a = conv(build, image(build), 'a')
      const branch = (name: string) => {
        const inner = new GraphBuilder(new Graph(name, build.graph))
        inner.output(conv(inner, a, name))
        return inner.graph
      }
      const branches = {then_branch: branch('then'), else_branch: branch('else')}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches))
    })
    const {compute, skipped} = planOf(model)
    expect([...compute.keys()].map(({name}) => name)).to.deep.equal(['a'])
    const reason = 'it is inside a branch or loop, whose values calibration does not see'
    expect(skipped).to.deep.equal([
      {node: 'then', op: 'Conv', reason},
      {node: 'else', op: 'Conv', reason},
    ])
  })

  it('takes all parts of a Split along, with one scale', () => {
    const found = plan((build) => {
      const split = build.node(
        'Split',
        [conv(build, image(build), 'a'), build.ints([4, 4])],
        {axis: 1},
        {name: 'split', outputs: ['l', 'r']},
      )
      const both = build.op('Add', [...split.outputs], {}, {name: 'sum', outputs: ['sum']})
      build.output(build.op('Conv', [both, build.floats(randomFloats(32), [8, 4, 1, 1])], {}, {name: 'b'}))
    })
    expect(found.between).to.deep.equal(['split', 'sum'])
    expect(found.shared).to.deep.equal(['a', 'l', 'r'])
  })
})
