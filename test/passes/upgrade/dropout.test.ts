import {expect} from 'chai'
import {float} from '../../../src/ir/attribute.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, upgradedNodes} from '../../support/upgrade-trial.js'

const feeds = {x: floatFeed([3, 4])}

describe('ratioToInput', () => {
  for (const attributes of [{}, {ratio: float(0.25)}]) {
    for (const opset of [7, 10]) {
      itMeansTheSame({
        name: JSON.stringify(attributes),
        opset,
        feeds,
        write: (build) => build.output(build.op('Dropout', [build.input('x', ['N', 4])], attributes)),
      })
    }
  }

  it('keeps the ratio for those who train the model on', async () => {
    const [dropout] = await upgradedNodes(
      (build) => build.output(build.op('Dropout', [build.input('x', [2])], {ratio: float(0.25)})),
      7,
      12,
    )
    expect(dropout?.inputs[1]?.constant?.read()).to.deep.equal(Float32Array.of(0.25))
  })
})

describe('maskToBool', () => {
  it('casts the mask back to the type it had where it is read', async () => {
    const nodes = await upgradedNodes(
      (build) => {
        const x = build.input('x', [2])
        const [y, mask] = build.node('Dropout', [x], {}, {outputs: 2}).outputs
        if (y && mask) build.output(build.op('Mul', [y, mask]))
      },
      7,
      13,
    )
    expect(nodes.map(({opType}) => opType)).to.deep.equal(['Dropout', 'Cast', 'Mul'])
  })

  itMeansTheSame({
    name: 'a mask nobody reads',
    opset: 7,
    feeds,
    write: (build) => {
      const [y] = build.node('Dropout', [build.input('x', [3, 4])], {}, {outputs: 2}).outputs
      if (y) build.output(y)
    },
  })
})
