import {expect} from 'chai'
import {refusalOf, upgradedNodes} from '../../support/upgrade-trial.js'

describe('first opsets', () => {
  it('reads names of element types, shapes as attributes, and hints nobody needs', async () => {
    const nodes = await upgradedNodes(
      (build) => {
        const x = build.input('x', [2, 3])
        const relu = build.op('Relu', [x], {consumed_inputs: [0]})
        const cast = build.op('Cast', [build.op('Reshape', [relu], {shape: [3, -1]})], {to: 'DOUBLE'})
        build.output(build.op('Concat', [cast, cast]))
      },
      1,
      13,
    )
    const [relu, reshape, cast, concat] = nodes
    expect(relu?.attributes.size).to.equal(0)
    expect(reshape?.inputs[1]?.constant?.read()).to.deep.equal(BigInt64Array.of(3n, -1n))
    expect([cast?.int('to', 0), concat?.int('axis', 0)]).to.deep.equal([11, 1])
  })

  it('knows every spelling of an element type, and refuses a name that is none', async () => {
    for (const [name, code] of [
      ['FLOAT', 1],
      ['INT64', 7],
      ['BOOL', 9],
      ['float16', 10],
    ] as const) {
      const [cast] = await upgradedNodes(
        (build) => build.output(build.op('Cast', [build.input('x', [2])], {to: name})),
        1,
        7,
      )
      expect(cast?.int('to', 0), name).to.equal(code)
    }
    const reason = await refusalOf(
      (build) => build.output(build.op('Cast', [build.input('x', [2])], {to: 'REAL'})),
      1,
      7,
    )
    expect(reason).to.contain("'real' names no element type")
  })
})
