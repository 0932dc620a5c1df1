import {expect} from 'chai'
import {float} from '../../../src/ir/attribute.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, upgradedNodes} from '../../support/upgrade-trial.js'

describe('padsToInputs', () => {
  for (const [name, attributes] of [
    ['zeros', {}],
    ['a value', {value: float(0.75)}],
    ['edge', {mode: 'edge'}],
    ['reflect', {mode: 'reflect', value: float(3)}],
  ] as const) {
    itMeansTheSame({
      name,
      opset: 7,
      feeds: {x: floatFeed([2, 3])},
      write: (build) =>
        build.output(build.op('Pad', [build.input('x', ['N', 3])], {pads: [1, 0, 0, 2], ...attributes})),
    })
  }

  it('writes a value only where it counts', async () => {
    const nodes = await upgradedNodes(
      (build) => {
        const x = build.input('x', [2, 3])
        build.output(build.op('Pad', [x], {pads: [0, 0, 0, 1], value: float(0)}))
        build.output(build.op('Pad', [x], {pads: [0, 0, 0, 1], value: float(2)}))
      },
      10,
      11,
    )
    expect(nodes.map(({inputs}) => inputs.length)).to.deep.equal([2, 3])
  })
})
