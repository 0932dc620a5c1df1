import {expect} from 'chai'
import {allocate, type Curve, errorAt, sharpened} from '../../../../src/passes/prune/removal/allocate.js'

const curve = (scale: number, size = 64, step = 8): Curve => ({
  ...{size, step},
  points: [16, 32, 48].map((gone) => [gone, scale * (gone / size) ** 2] as const),
})
/** Each unit costs one. */
const left =
  (sizes: readonly number[]) =>
  (gone: readonly number[]): number =>
    sizes.reduce((sum, size, i) => sum + size - (gone[i] as number), 0)

describe('allocate', () => {
  it('takes more where it costs less, in whole steps, and no more than is asked for', () => {
    const gone = allocate([curve(1), curve(10)], left([64, 64]), 80)
    expect(gone[0]).to.be.above(gone[1] as number)
    for (const units of gone) expect(units % 8).to.equal(0)
    expect(128 - (gone[0] as number) - (gone[1] as number)).to.be.within(73, 80)
  })

  it('looks at what a step saves, too', () => {
    const costOf = ([a = 0, b = 0]: readonly number[]) => 100 * (64 - a) + (64 - b)
    const [a, b] = allocate([curve(2), curve(1)], costOf, 100 * 40)
    expect(a).to.be.at.least(24)
    expect(b).to.equal(0)
  })

  it('takes no more than was measured, and ends there', () => {
    expect(allocate([curve(1), curve(1)], left([64, 64]), 0)).to.deep.equal([48, 48])
  })

  it('gives back what was not needed in the end', () => {
    // the last step of the large group saves so much that the small one need not have gone
    const costOf = ([a = 0, b = 0]: readonly number[]) => 10 * (64 - a) + (64 - b)
    const gone = allocate([curve(30), curve(1)], costOf, 640)
    expect(costOf(gone)).to.be.at.most(640)
    for (const [i, units] of gone.entries()) {
      if (units > 0) expect(costOf(gone.with(i, units - 8)), `group ${i}`).to.be.above(640)
    }
  })

  it('is the more even the more convex the curves are', () => {
    const spread = (power: number) => {
      const [a = 0, b = 0] = allocate(sharpened([curve(0.1), curve(0.4)], power), left([64, 64]), 64)
      return Math.abs(a - b)
    }
    expect(spread(4)).to.be.at.most(spread(1))
  })
})

describe('errorAt', () => {
  it('passes through what was measured and rises between and beyond', () => {
    const own = curve(1)
    for (const [gone, error] of own.points) expect(errorAt(own, gone)).to.be.closeTo(error, 1e-12)
    const errors = [0, 4, 8, 16, 20, 32, 40, 48, 52, 56, 60].map((gone) => errorAt(own, gone))
    expect(errors).to.deep.equal([...errors].sort((a, b) => a - b))
    expect(new Set(errors).size).to.equal(errors.length)
  })

  it('is none where nothing was lost', () => {
    expect(errorAt({size: 8, step: 1, points: [[4, 0]]}, 6)).to.equal(0)
  })
})
