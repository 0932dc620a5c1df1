import {expect} from 'chai'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {
  addDims,
  canonicalDim,
  ceilDivDims,
  conflict,
  type Dim,
  evaluateDim,
  exactDivDims,
  floorDivDims,
  maxDim,
  minDim,
  mulDims,
  namesIn,
  sameDim,
  subDims,
} from '../../src/ir/dim.js'

const NAMES = ['N', 'T', 'batch size', 'H.0']

describe('dim', () => {
  it('computes with numbers as numbers', () => {
    expect(addDims(2, 3, 4)).to.equal(9)
    expect(subDims(2, 5)).to.equal(-3)
    expect(mulDims(4, 5)).to.equal(20)
    expect(floorDivDims(-3, 2)).to.equal(-2)
    expect(ceilDivDims(7, 2)).to.equal(4)
  })

  it('lets the unknown spread, except through a product with 0', () => {
    expect(addDims('N', undefined)).to.equal(undefined)
    expect(subDims(undefined, undefined)).to.equal(undefined)
    expect(floorDivDims(undefined, 2)).to.equal(undefined)
    expect(mulDims(undefined, 0)).to.equal(0)
    expect(evaluateDim(undefined, {N: 2})).to.equal(undefined)
  })

  it('writes equal expressions the same way', () => {
    expect(addDims('T', 'N')).to.equal(addDims('N', 'T'))
    expect(mulDims(addDims('N', 1), addDims('N', -1))).to.equal(subDims(mulDims('N', 'N'), 1))
    expect(subDims(addDims('N', 3), 3)).to.equal('N')
    expect(mulDims(2, 'N', 'T')).to.equal('2*N*T')
    expect(subDims(1, 'N')).to.equal('-N + 1')
  })

  it('divides out whole multiples and flattens floors of floors', () => {
    expect(floorDivDims(mulDims('N', 64), 64)).to.equal('N')
    expect(floorDivDims(addDims(mulDims(4, 'N'), 3), 4)).to.equal('N')
    expect(floorDivDims(floorDivDims('H', 2), 2)).to.equal('(H//4)')
    expect(ceilDivDims(ceilDivDims('H', 2), 2)).to.equal(ceilDivDims('H', 4))
    expect(floorDivDims(mulDims(2, 'H'), 4)).to.equal('(H//2)')
    expect(floorDivDims(mulDims('N', addDims('T', 1)), addDims('T', 1))).to.equal('N')
  })

  it('finds an exact quotient or says there is none', () => {
    expect(exactDivDims(mulDims('N', 'T', 64), mulDims('T', 16))).to.equal('4*N')
    expect(exactDivDims('N', 2)).to.equal(undefined)
    expect(exactDivDims('N', 0)).to.equal(undefined)
    expect(floorDivDims('N', 0)).to.equal(undefined)
  })

  it('tells what is provably the same or different', () => {
    expect(sameDim('N', 'N')).to.equal(true)
    expect(sameDim(undefined, undefined)).to.equal(false)
    expect(conflict(3, 4)).to.equal(true)
    expect(conflict('N', addDims('N', 1))).to.equal(true)
    expect(conflict('N', 4)).to.equal(false)
    expect(conflict(undefined, 4)).to.equal(false)
  })

  it('takes the smaller and larger of sizes a constant apart', () => {
    expect(minDim('N', addDims('N', 2))).to.equal('N')
    expect(maxDim('N', addDims('N', 2))).to.equal('N + 2')
    expect(minDim(3, 5)).to.equal(3)
    expect(minDim('N', 5)).to.equal(undefined)
  })

  it('keeps names that are no expressions whole', () => {
    for (const name of ['batch-size', 'unk 12', '3', '-1', 'a/b', '(', 'x + ']) {
      expect(canonicalDim(name), name).to.equal(name)
      expect(evaluateDim(addDims(name, 1), {[name]: 4}), name).to.equal(5)
      expect(namesIn(mulDims(name, 2)), name).to.deep.equal([name])
    }
  })

  it('reads derived sizes as exporters write them', () => {
    expect(evaluateDim('past_length + 1', {past_length: 4})).to.equal(5)
    expect(evaluateDim('(s0//2) + 1', {s0: 9})).to.equal(5)
    expect(evaluateDim('past_length + 1', {'past_length + 1': 7})).to.equal(7)
  })

  it('replaces only the names that are bound', () => {
    expect(evaluateDim('N*T + 1', {T: 3})).to.equal('3*N + 1')
    expect(evaluateDim('N', {T: 3})).to.equal('N')
    expect(evaluateDim('(N//T)', {T: 0})).to.equal(undefined)
    expect(evaluateDim('__proto__', {})).to.equal('__proto__')
  })

  it('gives up rather than being wrong beyond the safe integers', () => {
    expect(mulDims(mulDims(2 ** 40, 2 ** 40), 'N')).to.equal(undefined)
  })

  it('agrees with arithmetic on numbers for random expressions and sizes', () => {
    const random = xoroshiro128plus(7)
    const pick = (low: number, high: number) => uniformInt(random, low, high)
    for (let round = 0; round < 300; round++) {
      const sizes = Object.fromEntries(NAMES.map((name) => [name, pick(1, 40)]))
      const {symbolic, value} = randomExpression(pick, sizes, 4)
      expect(evaluateDim(symbolic, sizes), `${symbolic} at ${JSON.stringify(sizes)}`).to.equal(value)
      expect(canonicalDim(symbolic), 'prints and parses back').to.equal(symbolic)
    }
  })
})

type Pick = (low: number, high: number) => number

function randomExpression(pick: Pick, sizes: Record<string, number>, depth: number): {symbolic: Dim; value: number} {
  if (depth === 0) {
    const name = NAMES[pick(0, NAMES.length)]
    const number = pick(0, 9)
    return name === undefined ? {symbolic: number, value: number} : {symbolic: name, value: sizes[name] ?? Number.NaN}
  }
  const [a, b] = [randomExpression(pick, sizes, depth - 1), randomExpression(pick, sizes, depth - 1)]
  const divisor = pick(1, 6)
  const cases = [
    {symbolic: addDims(a.symbolic, b.symbolic), value: a.value + b.value},
    {symbolic: subDims(a.symbolic, b.symbolic), value: a.value - b.value},
    {symbolic: mulDims(a.symbolic, pick(0, 0) + 3), value: a.value * 3},
    {symbolic: floorDivDims(a.symbolic, divisor), value: Math.floor(a.value / divisor)},
    {symbolic: ceilDivDims(a.symbolic, divisor), value: Math.ceil(a.value / divisor) + 0},
    {symbolic: mulDims(a.symbolic, b.symbolic), value: a.value * b.value},
  ]
  return cases[pick(0, cases.length - 1)] ?? a
}
