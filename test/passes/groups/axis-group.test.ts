import {expect} from 'chai'
import {axisGroup} from '../../../src/passes/groups/axis-group.js'
import {modelOf, randomFloats, specsFor, type Write} from '../../support/pass-trial.js'

function groupAt(write: Write, name: string, axis: number) {
  const model = modelOf(write)
  const value = model.graph
    .nodes()
    .flatMap((node) => node.outputs)
    .find((output) => output?.name === name)
  if (!value) throw new Error(`no value ${name}`)
  const {activations, constants, blocked} = axisGroup(model.graph, {value, axis}, specsFor(model))
  return {
    activations: activations.map((member) => `${member.value.name}:${member.axis}`),
    slots: constants.map(({node, index, axis: at}) => `${node.name}#${index}:${at}`).sort(),
    blocked,
  }
}

describe('axisGroup', () => {
  it('ties the channels between two convolutions and the weights that write and read them', () => {
    const write: Write = (build) => {
      const first = build.floats(randomFloats(6 * 4), [6, 4, 1, 1])
      const y = build.op(
        'Conv',
        [build.input('x', [1, 4, 5, 5]), first, build.floats(randomFloats(6))],
        {},
        {name: 'a', outputs: ['y']},
      )
      const z = build.op('Relu', [y], {}, {outputs: ['z']})
      build.output(build.op('Conv', [z, build.floats(randomFloats(3 * 6), [3, 6, 1, 1])], {}, {name: 'b'}))
    }
    expect(groupAt(write, 'y', 1)).to.deep.equal({
      activations: ['y:1', 'z:1'],
      slots: ['a#1:0', 'a#2:0', 'b#1:1'],
      blocked: undefined,
    })
  })

  it('runs through a residual Add into both of its branches', () => {
    const write: Write = (build) => {
      const x = build.input('x', [1, 4, 5, 5])
      const branch = (name: string) =>
        build.op('Conv', [x, build.floats(randomFloats(6 * 4), [6, 4, 1, 1])], {}, {name, outputs: [`${name}_out`]})
      const sum = build.op('Add', [branch('a'), branch('b')], {}, {outputs: ['sum']})
      build.output(build.op('Conv', [sum, build.floats(randomFloats(3 * 6), [3, 6, 1, 1])], {}, {name: 'c'}))
    }
    const {activations, slots} = groupAt(write, 'a_out', 1)
    expect(activations).to.have.members(['a_out:1', 'b_out:1', 'sum:1'])
    expect(slots).to.deep.equal(['a#1:0', 'b#1:0', 'c#1:1'])
  })

  it('says what fixes a size: an output of the graph, an operator without a rule', () => {
    const write: Write = (build) => {
      const y = build.op(
        'Conv',
        [build.input('x', [1, 4, 5, 5]), build.floats(randomFloats(24), [6, 4, 1, 1])],
        {},
        {outputs: ['y']},
      )
      build.output(y)
    }
    expect(groupAt(write, 'y', 1).blocked).to.contain("graph output 'y'")
    const custom: Write = (build) => {
      const y = build.op(
        'Conv',
        [build.input('x', [1, 4, 5, 5]), build.floats(randomFloats(24), [6, 4, 1, 1])],
        {},
        {outputs: ['y']},
      )
      build.output(build.op('Mystery', [y], {}, {domain: 'acme', name: 'odd'}))
    }
    expect(groupAt(custom, 'y', 1).blocked).to.contain("Mystery 'odd' is unknown")
  })
})
