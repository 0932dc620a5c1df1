import {expect} from 'chai'
import {divideExactly, Polynomial} from '../../src/ir/polynomial.js'

const [n, m] = [Polynomial.name('N'), Polynomial.name('M')]
const number = Polynomial.constant

describe('Polynomial', () => {
  it('prints equal polynomials equal, in whatever order they were written', () => {
    const left = n.plus(m).times(n.plus(m))
    const right = m
      .times(m)
      .plus(n.times(m).times(number(2)))
      .plus(n.times(n))
    expect(left.toDim()).to.equal(right.toDim())
    expect(left.toDim()).to.equal('M*M + 2*M*N + N*N')
  })

  it('is a number as soon as its names are gone', () => {
    expect(n.minus(n).plus(number(3)).toDim()).to.equal(3)
    expect(n.minus(n).value).to.equal(0)
    expect(n.value).to.equal(undefined)
  })

  it('divides what comes out even, and keeps the floor of what does not', () => {
    expect(n.times(number(4)).floorDividedBy(number(2))?.toDim()).to.equal('2*N')
    expect(n.times(m).floorDividedBy(m)?.toDim()).to.equal('N')
    expect(n.floorDividedBy(number(2))?.toDim()).to.equal('(N//2)')
  })

  it('rounds towards minus infinity', () => {
    expect(number(-7).floorDividedBy(number(2))?.value).to.equal(-4)
    expect(n.times(number(2)).minus(number(1)).floorDividedBy(number(2))?.toDim()).to.equal('N - 1')
  })

  it('has no quotient by zero or a negative number that does not go in', () => {
    expect(number(5).floorDividedBy(number(0))).to.equal(undefined)
    expect(number(5).floorDividedBy(number(-2))).to.equal(undefined)
  })

  it('agrees with numbers for every size that is put in for the names', () => {
    // ((3N + 5) // 4 + N) // 3
    const inner = n.times(number(3)).plus(number(5)).floorDividedBy(number(4))
    const whole = inner?.plus(n).floorDividedBy(number(3))
    for (let size = 0; size < 30; size++) {
      const expected = Math.floor((Math.floor((3 * size + 5) / 4) + size) / 3)
      expect(whole?.substitute(() => number(size))?.value, `N = ${size}`).to.equal(expected)
    }
  })

  it('replaces only the names that are known, and does not divide by a size that turns out 0', () => {
    const sum = n.plus(m)
    expect(sum.substitute((name) => (name === 'N' ? number(2) : undefined))?.toDim()).to.equal('M + 2')
    expect(
      n
        .plus(number(1))
        .floorDividedBy(m)
        ?.substitute((name) => (name === 'M' ? number(0) : undefined)),
    ).to.equal(undefined)
  })

  it('names what it depends on, inside of floors too, and keeps names that are no identifiers', () => {
    const odd = Polynomial.name('batch size')
    expect(odd.toDim()).to.equal('batch size')
    expect(odd.plus(n).floorDividedBy(m)?.names()).to.have.members(['batch size', 'N', 'M'])
    expect(odd.plus(number(1)).toDim()).to.equal('`batch size` + 1')
  })

  it('gives no size beyond the exact integers', () => {
    expect(n.times(number(Number.MAX_SAFE_INTEGER)).times(number(2)).toDim()).to.equal(undefined)
  })
})

describe('divideExactly', () => {
  it('finds a quotient of several terms, and none where a rest is left', () => {
    const product = n.plus(number(1)).times(m.minus(number(2)))
    expect(divideExactly(product, m.minus(number(2)))?.toDim()).to.equal('N + 1')
    expect(divideExactly(product.plus(number(1)), m.minus(number(2)))).to.equal(undefined)
    expect(divideExactly(n, number(0))).to.equal(undefined)
  })
})
