import {expect} from 'chai'
import {unmatchedPatterns} from '../../src/passes/unmatched-patterns.js'
import {modelOf, randomFloats} from '../support/pass-trial.js'

describe('unmatchedPatterns', () => {
  const {graph} = modelOf((build) => {
    const weight = build.floats(randomFloats(16), [4, 4])
    build.output(build.op('MatMul', [build.input('x', ['N', 4]), weight], {}, {name: 'fc', outputs: ['y']}))
  })

  it('says nothing of patterns that name a node, or one of its outputs', () => {
    expect(
      unmatchedPatterns(graph, {
        exclude: [/^fc$/, /^y$/],
        excludeOps: ['MatMul'],
        overrides: [{pattern: /f/, to: 'int8'}],
      }),
    ).to.deep.equal([])
  })

  it('warns of each one that names none', () => {
    const overrides = [{pattern: /conv/, to: 'float'}] as const
    const warnings = unmatchedPatterns(graph, {exclude: [/fc1/], excludeOps: ['Conv', 'matmul'], overrides})
    expect(warnings.map(({message}) => message)).to.deep.equal([
      '--exclude fc1 matches no node',
      '--exclude-op Conv matches no node',
      '--exclude-op matmul matches no node',
      '--override conv=float matches no node',
    ])
  })
})
