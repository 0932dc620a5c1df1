import {expect} from 'chai'
import {type ObservedKind, observe} from '../../src/judge/observe-outputs-task.js'
import type {ModelFacts} from '../../src/judge/output-facts.js'
import type {WantedKinds} from '../../src/judge/wanted-kinds.js'

const output = (name: string) => ({
  name,
  tail: 'other' as const,
  parts: undefined,
  isEnlarged: false,
  isFreelyShaped: false,
})
const facts = (names: string[], axes: Record<string, number>): ModelFacts => ({
  ...{outputs: names.map(output), axes, vocabularies: [], ids: []},
})
const run = (size: number) => ({size, fed: size, inputs: new Map()})

function batch(name: string, dims: number[], reference: number[], other: number[], otherDims = dims) {
  const [own, theirs] = [Float32Array.from(reference), Float32Array.from(other)]
  return {name, dtype: 'float32', dims, otherDims, reference: own, other: theirs}
}

describe('observe', () => {
  const observed = (known: ModelFacts, wanted: WantedKinds, ...batches: ReturnType<typeof batch>[]) => {
    const observer = observe({facts: known, wanted})
    for (const one of batches) observer.add([one], run(one.dims[0] as number))
    return observer.result() as ObservedKind[]
  }

  it('sums up an output over batches, by the kind that the user names', () => {
    const [result] = observed(
      facts(['y'], {y: 0}),
      {y: {kind: 'labels'}},
      batch('y', [2, 2], [1, 0, 0, 1], [1, 0, 0, 1]),
      batch('y', [1, 2], [1, 0], [0, 1]),
    )
    expect(result).to.include({name: 'y', kind: 'labels', because: '--output-kind says so'})
    expect(result?.kept.value).to.be.closeTo(2 / 3, 1e-12)
  })

  it('decides what an output means by itself where nothing is named, also where it is called like a part of the language', () => {
    const [result] = observed(facts(['constructor'], {}), {}, batch('constructor', [1, 4], [1, 2, 3, 4], [1, 2, 3, 4]))
    expect(result?.because).not.to.match(/--output-kind/)
    expect(result?.kept.value).to.equal(1)
  })

  it('brings samples to the front before it compares', () => {
    // [class 2, sample 2]: the classes are 0 and 1; the other model's 0 and 0
    const [result] = observed(
      facts(['y'], {y: 1}),
      {y: {kind: 'labels'}},
      batch('y', [2, 2], [1, 0, 0, 1], [1, 1, 0, 0]),
    )
    expect(result?.kept.value).to.equal(0.5)
  })

  it('leaves out what has another shape, but for lists of integers', () => {
    const other = batch('y', [1, 3], [1, 2, 3], [1, 2], [1, 2])
    expect(observed(facts(['y'], {}), {y: {kind: 'regression'}}, other)[0]?.kept.value).to.equal(null)
    expect(observed(facts(['y'], {}), {y: {kind: 'integers'}}, other)[0]?.kept.value).to.be.closeTo(2 / 3, 1e-12)
  })

  it('says where the reference hardly says anything', () => {
    const flat = (values: number[], kind: 'scores' | 'regression') =>
      observed(facts(['y'], {y: 0}), {y: {kind}}, batch('y', [values.length, 1], values, values))[0]?.isFlat
    expect(flat([2, 2], 'regression')).to.equal('always 2')
    expect(flat([0.001, 0.002], 'scores')).to.equal('nowhere above 0.002')
    expect(flat([0.999, 0.998], 'scores')).to.equal('everywhere above 0.99')
    expect(flat([0.001, 0.002], 'regression')).to.equal(undefined)
    expect(flat([Number.NaN], 'regression')).to.equal(undefined)
  })

  it('has nothing to say when there was nothing', () => {
    const observer = observe({facts: facts(['y'], {}), wanted: {}})
    observer.add([], run(1))
    expect(observer.result()).to.deep.equal([])
  })
})
