import {expect} from 'chai'
import {errorAtLook} from '../../src/bench/error-at-look.js'
import {isDecided, ratioInterval, verdictOf} from '../../src/bench/statistics.js'
import {normals} from './fake-contender.js'

const EXPERIMENTS = 2000

/** Spreads between process pairs: a quiet machine, a busy one, and a busy one where one pair in five is thrown far off. */
const NOISES: Readonly<Record<string, (normal: () => number) => number>> = {
  quiet: (normal) => 0.03 * normal(),
  busy: (normal) => 0.1 * normal(),
  jumpy: (normal) => (Math.abs(normal()) > 1.28 ? 0.3 : 0.05) * normal(),
}

/** Grows a sample pair by pair, looks from the third pair on, and stops when it is decided. */
function sequential(last: number, next: () => number, error: (look: number) => number) {
  const logs: number[] = []
  for (;;) {
    logs.push(next())
    const ratio = ratioInterval(logs, error(logs.length))
    if (logs.length === last || (logs.length >= 3 && isDecided(ratio, 0.02))) return {ratio, pairs: logs.length}
  }
}

function experiments(
  last: number,
  noise: string,
  trueRatio: number,
  error = (look: number) => errorAtLook(look, last),
) {
  const normal = normals(last)
  const next = () => Math.log(trueRatio) + (NOISES[noise]?.(normal) ?? 0)
  return Array.from({length: EXPERIMENTS}, () => sequential(last, next, error))
}

function shareOf<T>(all: readonly T[], is: (one: T) => boolean): number {
  return all.filter(is).length / all.length
}

describe('errorAtLook', () => {
  it('is next to nothing at first and nearly all at the end', () => {
    expect(errorAtLook(3, 8)).to.be.below(0.001)
    expect(errorAtLook(8, 8)).to.be.within(0.035, 0.05)
    expect(errorAtLook(1, 1)).to.be.closeTo(0.05, 1e-4)
  })

  for (const last of [5, 8, 20]) {
    for (const noise of Object.keys(NOISES)) {
      it(`keeps equals apart in less than 5 of 100 of races of up to ${last} ${noise} pairs`, () => {
        const claimed = experiments(last, noise, 1)
        expect(shareOf(claimed, ({ratio}) => /er$/.test(verdictOf(ratio, 0.02)))).to.be.below(0.05)
      })

      it(`covers the truth in 94 of 100 of races of up to ${last} ${noise} pairs, wherever they stop`, () => {
        for (const truth of [1, 0.9, 0.6]) {
          const covered = shareOf(
            experiments(last, noise, truth),
            ({ratio}) => ratio.low <= truth && truth <= ratio.high,
          )
          expect(covered, `${truth}`).to.be.at.least(0.94)
        }
      })
    }
  }

  it('is what 5 % at each look is not', () => {
    const claimed = experiments(20, 'busy', 1, () => 0.05)
    expect(shareOf(claimed, ({ratio}) => /er$/.test(verdictOf(ratio, 0.02)))).to.be.above(0.06)
  })

  it('lets a race end early when the difference is large', () => {
    const short = shareOf(experiments(8, 'quiet', 0.6), ({pairs}) => pairs <= 4)
    expect(short).to.be.above(0.9)
  })
})
