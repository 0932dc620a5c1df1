import {expect} from 'chai'
import type {SizeRelation} from '../../../src/pipelines/transform/size-relations.js'
import {solveSizes} from '../../../src/pipelines/transform/solve-sizes.js'

describe('solveSizes', () => {
  const solve = (relations: SizeRelation[], wishes: Record<string, number[]>, positive: string[] = []) =>
    solveSizes({relations, positive}, [new Map(Object.entries(wishes))])

  it('takes what is wished for where nothing is asked', () => {
    expect(solve([], {N: [1, 2], T: [64]})).to.deep.equal([{N: 1, T: 64}])
    expect(solve([], {})).to.deep.equal([{}])
  })

  it('gives way where sizes must be equal, or fit by broadcasting', () => {
    const equal = {kind: 'equal', left: 'a', right: 'b'} as const
    expect(solve([equal], {a: [64, 32], b: [32, 64]})).to.deep.equal([{a: 64, b: 64}])
    expect(solve([equal], {a: [64], b: [32]})).to.deep.equal([])
    expect(solve([{...equal, kind: 'broadcast'}], {a: [64], b: [1]})).to.deep.equal([{a: 64, b: 1}])
  })

  it('finds the size nearest to a wish that one rule leaves', () => {
    const [found] = solve([{kind: 'divides', left: 'T', right: 48}], {T: [64]})
    expect(found).to.deep.equal({T: 48})
    expect(solve([{kind: 'equal', left: 'T', right: 7}], {T: [64, 32]})).to.deep.equal([{T: 7}])
    expect(solve([{kind: 'equal', left: 3, right: 'T'}], {T: [64]})).to.deep.equal([{T: 3}])
  })

  it('lets no tensor inside fall below one element', () => {
    const [found] = solve([], {T: [1]}, ['T - 9'])
    expect(found).to.deep.equal({T: 10})
  })

  it('tells equal answers once, and leaves out wishes that cannot be met', () => {
    const wishes = [{a: [1]}, {a: [1, 5]}, {a: [2]}].map((wish) => new Map(Object.entries(wish)))
    expect(solveSizes({relations: [], positive: []}, wishes)).to.deep.equal([{a: 1}, {a: 2}])
  })

  it('gives up on a search without end', () => {
    const wishes = Object.fromEntries(Array.from({length: 12}, (_, index) => [`s${index}`, [1, 2, 3, 4]]))
    const never = {kind: 'equal', left: 's10', right: 's11'} as const
    const relations = [
      never,
      {...never, left: 's0', right: 's11'},
      {kind: 'divides', left: 's11', right: 's10 + 10'} as const,
    ]
    expect(solve(relations, wishes)).to.deep.equal([])
  })
})
