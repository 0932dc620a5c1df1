import {expect} from 'chai'
import {exactSchedule, fullSchedule, quickSchedule, runsToSkip, type Schedule} from '../../src/bench/schedule.js'

const probe = (latencyMs: number, warmupMs = 80) => ({latencyMs, warmupMs})

function shape(schedule: Schedule): [processes: number, rounds: number] {
  return [schedule.length, schedule[0]?.length ?? 0]
}

describe('fullSchedule', () => {
  const defaults = fullSchedule({minRuns: 100, minTimeMs: 1000, maxTimeMs: 60_000})

  it('is 8 process pairs of 25 rounds for everything that fits', () => {
    for (const latencyMs of [0.01, 0.5, 8, 30]) expect(shape(defaults(probe(latencyMs)))).to.deep.equal([8, 25])
  })

  it('measures more when more time or more runs are asked for', () => {
    const longer = fullSchedule({minRuns: 100, minTimeMs: 10_000, maxTimeMs: 60_000})(probe(0.5))
    expect(longer.flat().length * 10).to.be.at.least(10_000)
    const more = fullSchedule({minRuns: 1000, minTimeMs: 0, maxTimeMs: 600_000})(probe(20))
    expect(more.flat().length).to.be.at.least(1000)
  })

  it('keeps to the most time, in rounds first and in process pairs next', () => {
    for (const latencyMs of [100, 500, 1000, 3000]) {
      const [processes, rounds] = shape(defaults(probe(latencyMs, latencyMs)))
      expect(processes * (rounds + 1) * latencyMs, `${latencyMs} ms`).to.be.at.most(60_000)
      expect(processes).to.be.at.least(3)
    }
    expect(shape(defaults(probe(60_000, 60_000)))).to.deep.equal([3, 1])
  })
})

describe('exactSchedule', () => {
  it('adds up to the runs, whatever the latency', () => {
    for (const runs of [1, 2, 7, 8, 100, 1001]) {
      for (const latencyMs of [0.02, 2, 40]) {
        const blocks = exactSchedule(runs)(probe(latencyMs)).flat()
        expect(blocks.reduce((sum, {maxRuns}) => sum + maxRuns, 0)).to.equal(runs)
        expect(Math.min(...blocks.map(({maxRuns}) => maxRuns))).to.be.at.least(1)
      }
    }
  })
})

describe('quickSchedule', () => {
  it('spends the given time on both models together', () => {
    const blocks = quickSchedule(() => 200)(probe(0.1)).flat()
    expect(2 * blocks.reduce((sum, {budgetMs}) => sum + budgetMs, 0)).to.equal(200)
  })

  it('runs every process of a slow model at least once', () => {
    expect(shape(quickSchedule(() => 2000)(probe(5000)))).to.deep.equal([3, 1])
  })
})

describe('runsToSkip', () => {
  it('is 3 for runs that a cold cache shows in, none for long ones', () => {
    expect([0.05, 5, 200].map(runsToSkip)).to.deep.equal([3, 1, 0])
  })
})
