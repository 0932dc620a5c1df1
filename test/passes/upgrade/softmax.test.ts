import {expect} from 'chai'
import type {Shape} from '../../../src/ir/types.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, upgradedNodes} from '../../support/upgrade-trial.js'

async function typesAfter(shape: Shape | undefined, axis: number | undefined): Promise<string[]> {
  const attributes = axis === undefined ? {} : {axis}
  const nodes = await upgradedNodes(
    (build) => build.output(build.op('Softmax', [build.input('x', shape)], attributes)),
    11,
    13,
  )
  return nodes.map(({opType}) => opType)
}

describe('softmaxAlongAxis', () => {
  for (const type of ['Softmax', 'LogSoftmax', 'Hardmax']) {
    for (const shape of [[2, 3, 4], ['N', 3, 4], ['N', 'C', 4], undefined] as (Shape | undefined)[]) {
      for (const attributes of [{}, {axis: 0}, {axis: 2}]) {
        itMeansTheSame({
          name: `${type} of [${shape ?? '...'}] ${JSON.stringify(attributes)}`,
          opset: 9,
          feeds: {x: floatFeed([2, 3, 4])},
          write: (build) => build.output(build.op('Relu', [build.op(type, [build.input('x', shape)], attributes)])),
        })
      }
    }
  }

  itMeansTheSame({
    name: 'an axis from the end, at a graph output',
    opset: 11,
    feeds: {x: floatFeed([2, 3, 4])},
    write: (build) => build.output(build.op('Softmax', [build.input('x', [2, 3, 4])], {axis: -2}, {outputs: ['y']})),
  })

  it('needs no more than the axis where one axis makes the row', async () => {
    expect(await typesAfter([2, 3, 4], 2)).to.deep.equal(['Softmax'])
    expect(await typesAfter(['N', 10], undefined)).to.deep.equal(['Softmax'])
    expect(await typesAfter(['N', 10, 1, 1], 1)).to.deep.equal(['Softmax'])
    expect(await typesAfter(undefined, -1)).to.deep.equal(['Softmax'])
  })

  it('reads the shape at run time only when more than one size is free', async () => {
    expect(await typesAfter(['N', 3, 4], 1)).to.deep.equal(['Flatten', 'Softmax', 'Reshape'])
    expect(await typesAfter(['N', 'C', 4], 1)).to.deep.equal(['Flatten', 'Shape', 'Softmax', 'Reshape'])
    expect(await typesAfter(undefined, 1)).to.deep.equal(['Flatten', 'Shape', 'Softmax', 'Reshape'])
  })
})
