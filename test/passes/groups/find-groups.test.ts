import {expect} from 'chai'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {findGroups} from '../../../src/passes/groups/find-groups.js'
import type {Group} from '../../../src/passes/groups/group.js'
import {memberPlace} from '../../../src/passes/groups/member-place.js'
import {separateConstants} from '../../../src/passes/groups/separate-constants.js'
import {modelOf, randomFloats, specsFor, type Write} from '../../support/pass-trial.js'

function groupsOf(write: Write): Group[] {
  const model: Model = modelOf(write)
  separateConstants(model.graph, specsFor(model))
  inferModel(model)
  return findGroups(model.graph, specsFor(model))
}

/** `kind size: value:axis offset+each×copies …`, constants only, in the order of their names. */
function textOf({kind, size, members}: Group): string {
  const places = members
    .filter(({value}) => value.constant)
    .map((member) => ({name: `${member.value.name}:${member.axis}`, ...memberPlace(member)}))
    .map(({name, offset, each, copies}) => `${name} ${offset}+${each}x${copies}`)
  return `${kind} ${size}: ${places.sort().join(', ')}`
}

function free(write: Write): string[] {
  return groupsOf(write)
    .filter(({blocked}) => blocked === undefined)
    .map(textOf)
}

function blocked(write: Write): (string | undefined)[] {
  return groupsOf(write).map((group) => group.blocked)
}

const floats = (build: GraphBuilder, name: string, ...shape: number[]): Value =>
  build.floats(randomFloats(shape.reduce((product, size) => product * size, 1)), shape, name)

describe('findGroups', () => {
  it('ties the channels between two convolutions, and the weights that write and read them', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const y = build.op('Conv', [x, floats(build, 'wa', 6, 4, 1, 1), floats(build, 'ba', 6)])
      build.output(build.op('Conv', [build.op('Relu', [y]), floats(build, 'wb', 3, 6, 1, 1)], {}, {outputs: ['y']}))
    }
    expect(free(write)).to.deep.equal(['channel 6: ba:0 0+1x1, wa:0 0+1x1, wb:1 0+1x1'])
    expect(blocked(write)).to.deep.equal([undefined, "it reaches the graph output 'y'"])
  })

  it('runs through a residual Add into both of its branches', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const [a, b] = ['wa', 'wb'].map((name) => build.op('Conv', [x, floats(build, name, 6, 4, 1, 1)]))
      build.output(build.op('Conv', [build.op('Add', [a, b]), floats(build, 'wc', 3, 6, 1, 1)]))
    }
    expect(free(write)).to.deep.equal(['channel 6: wa:0 0+1x1, wb:0 0+1x1, wc:1 0+1x1'])
  })

  it('gives what a Concat joins an offset, and what a Split cuts', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const [a, b] = [
        build.op('Conv', [x, floats(build, 'wa', 6, 4, 1, 1)]),
        build.op('Conv', [x, floats(build, 'wb', 2, 4, 1, 1)]),
      ]
      const joined = build.op('Concat', [a, b], {axis: 1})
      const c = build.op('Conv', [joined, floats(build, 'wc', 8, 8, 1, 1)])
      const halves = build.node('Split', [c, build.ints([3, 5])], {axis: 1}, {outputs: 2}).outputs
      build.output(build.op('Conv', [halves[0], floats(build, 'wd', 1, 3, 1, 1)]))
      build.output(build.op('Conv', [halves[1], floats(build, 'we', 1, 5, 1, 1)]))
    }
    expect(free(write)).to.deep.equal([
      'channel 6: wa:0 0+1x1, wc:1 0+1x1',
      'channel 2: wb:0 0+1x1, wc:1 6+1x1',
      'channel 3: wc:0 0+1x1, wd:1 0+1x1',
      'channel 5: wc:0 3+1x1, we:1 0+1x1',
    ])
  })

  it('takes whole groups of a grouped convolution, channels of a depthwise one', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const a = build.op('Conv', [x, floats(build, 'wa', 8, 4, 1, 1)])
      const b = build.op('Conv', [a, floats(build, 'wb', 12, 4, 1, 1), floats(build, 'bb', 12)], {group: 2})
      const c = build.op('Conv', [b, floats(build, 'wc', 12, 1, 1, 1)], {group: 12})
      build.output(build.op('Conv', [c, floats(build, 'wd', 1, 12, 1, 1)]))
    }
    expect(free(write)).to.deep.equal(['channel 2: bb:0 0+6x1, wa:0 0+4x1, wb:0 0+6x1, wc:0 0+6x1, wd:1 0+6x1'])
  })

  it('makes a channel a run behind Flatten', () => {
    const write: Write = (build) => {
      const a = build.op('Conv', [build.input('x', [1, 4, 5, 5]), floats(build, 'wa', 6, 4, 1, 1)])
      build.output(build.op('Gemm', [build.op('Flatten', [a]), floats(build, 'wb', 150, 3)]))
    }
    expect(free(write)).to.deep.equal(['channel 6: wa:0 0+1x1, wb:0 0+25x1'])
  })

  it('finds the heads of attention, and the dimensions of each head for queries with keys and for values', () => {
    expect(free(attention)).to.deep.equal([
      'head 3: bq:0 0+4x1, wk:1 0+4x1, wo:0 0+4x1, wq:1 0+4x1, wv:1 0+4x1',
      'head-dim 4: bq:0 0+1x3, wk:1 0+1x3, wq:1 0+1x3',
      'head-dim 4: wo:0 0+1x3, wv:1 0+1x3',
    ])
  })

  it('gives a unit of an LSTM a copy per gate, in both directions, and half of each joined state', () => {
    const write: Write = (build) => {
      const weights = [floats(build, 'w', 2, 20, 3), floats(build, 'r', 2, 20, 5), floats(build, 'b', 2, 40)]
      const x = build.input('x', [6, 1, 3])
      const [y] = build.node(
        'LSTM',
        [x, ...weights],
        {hidden_size: 5, direction: 'bidirectional'},
        {outputs: 3},
      ).outputs
      const last = build.op('Reshape', [build.op('Transpose', [y], {perm: [0, 2, 1, 3]}), build.ints([6, 1, 10])])
      build.output(build.op('MatMul', [last, floats(build, 'wo', 10, 2)]))
    }
    expect(free(write)).to.deep.equal(['hidden unit 5: b:1 0+1x8, r:1 0+1x4, r:2 0+1x1, w:1 0+1x4, wo:0 0+1x2'])
  })

  it('follows channels through a shuffle', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const [a, b] = ['wa', 'wb'].map((name) => build.op('Conv', [x, floats(build, name, 6, 4, 1, 1)]))
      const split = build.op('Reshape', [build.op('Concat', [a, b], {axis: 1}), build.ints([1, 2, 6, 5, 5])])
      const turned = build.op('Transpose', [split], {perm: [0, 2, 1, 3, 4]})
      build.output(
        build.op('Conv', [build.op('Reshape', [turned, build.ints([1, -1, 5, 5])]), floats(build, 'wc', 3, 12, 1, 1)]),
      )
    }
    expect(free(write)).to.include('channel 6: wa:0 0+1x1, wb:0 0+1x1, wc:1 0+2x1')
  })

  it('keeps apart what two layers read as one constant, and together what they share as a weight', () => {
    const write: Write = (build) => {
      const zeros = build.floats(new Float32Array(6), [6], 'zeros')
      const a = build.op('Conv', [build.input('x', [1, 4, 5, 5]), floats(build, 'wa', 6, 4, 1, 1), zeros])
      const shared = floats(build, 'ws', 6, 6, 1, 1)
      const b = build.op('Conv', [build.op('Conv', [a, shared, zeros]), shared])
      build.output(build.op('Conv', [b, floats(build, 'wc', 1, 6, 1, 1)]))
    }
    expect(free(write)).to.deep.equal([
      'channel 6: wa:0 0+1x1, wc:1 0+1x1, ws:0 0+1x1, ws:1 0+1x1, zeros:0 0+1x1, zeros_0:0 0+1x1',
    ])
  })

  it('says what keeps a group whole: an unknown operator, a subgraph, sizes that are computed', () => {
    const behind =
      (write: (build: GraphBuilder, y: Value) => Value): Write =>
      (build) => {
        const y = build.op('Conv', [build.input('x', [1, 4, 5, 5]), floats(build, 'wa', 6, 4, 1, 1)])
        build.output(write(build, y))
      }
    const unknown = behind((build, y) => build.op('Mystery', [y], {}, {domain: 'acme', name: 'odd'}))
    expect(blocked(unknown)).to.deep.equal(["Mystery 'odd' is unknown"])
    const computed = behind((build, y) => build.op('Reshape', [y, build.input('to', [2], 'int64')], {}, {name: 'r'}))
    expect(blocked(computed)[0]).to.match(/^Reshape 'r': the sizes .* computed/)
    const normalized = behind((build, y) => build.op('Softmax', [y], {axis: 1}, {name: 's'}))
    expect(blocked(normalized)).to.deep.equal(["Softmax 's' needs axis 1 whole"])
  })

  it('marks groups whose mean is taken over fewer elements', () => {
    const write: Write = (build) => {
      const a = build.op('MatMul', [build.input('x', [1, 4]), floats(build, 'wa', 4, 6)])
      const b = build.op('LayerNormalization', [a, floats(build, 'scale', 6)])
      build.output(build.op('MatMul', [b, floats(build, 'wb', 6, 2)]))
    }
    const [group] = groupsOf(write)
    expect(group?.inexact).to.match(/^LayerNormalization .* mean/)
    expect(group && textOf(group)).to.equal('hidden unit 6: scale:0 0+1x1, wa:1 0+1x1, wb:0 0+1x1')
  })

  it('is linear: a chain of thousands of layers is followed once', () => {
    const write: Write = (build) => {
      let x = build.input('x', [1, 4, 1, 1])
      for (let layer = 0; layer < 3000; layer++)
        x = build.op('Add', [build.op('Relu', [build.op('Conv', [x, floats(build, `w${layer}`, 4, 4, 1, 1)])]), x])
      build.output(x)
    }
    expect(groupsOf(write).map(({members}) => members.length > 3000)).to.deep.equal([true])
  })
})

const attention: Write = (build) => {
  const x = build.input('x', [1, 5, 6])
  const split = (value: Value, ...perm: number[]) =>
    build.op('Transpose', [build.op('Reshape', [value, build.ints([0, 0, 3, 4])])], {perm})
  const q = split(
    build.op('Add', [build.op('MatMul', [x, floats(build, 'wq', 6, 12)]), floats(build, 'bq', 12)]),
    0,
    2,
    1,
    3,
  )
  const k = split(build.op('MatMul', [x, floats(build, 'wk', 6, 12)]), 0, 2, 3, 1)
  const v = split(build.op('MatMul', [x, floats(build, 'wv', 6, 12)]), 0, 2, 1, 3)
  const weights = build.op('Softmax', [build.op('MatMul', [q, k])], {axis: -1})
  const mixed = build.op('Transpose', [build.op('MatMul', [weights, v])], {perm: [0, 2, 1, 3]})
  build.output(build.op('MatMul', [build.op('Reshape', [mixed, build.ints([0, 0, 12])]), floats(build, 'wo', 12, 6)]))
}
