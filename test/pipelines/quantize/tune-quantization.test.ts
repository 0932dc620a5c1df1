import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {Tuning} from '../../../src/passes/quantize/plan/alternatives.js'
import type {Wish} from '../../../src/passes/quantize/plan/plan.js'
import {type TuneResult, tuneQuantization} from '../../../src/pipelines/quantize/tune-quantization.js'
import {fakeContender} from '../../bench/fake-contender.js'
import {modelOf, randomFloats} from '../../support/pass-trial.js'
import {SILENT} from '../../support/pipeline-options.js'

const MODEL = modelOf((build) => {
  build.output(
    build.op('MatMul', [build.input('x', [128, 128]), build.floats(randomFloats(128 * 128, 1, 0.1), [128, 128])]),
  )
})

/** Tunes a model whose files take so many milliseconds a run; a file of 0 does not load. */
function tune(byRule: number, latencyOf: (wish: Wish | undefined) => number): Promise<TuneResult> {
  let seed = 0
  const task = {
    model: MODEL,
    isStatic: false,
    sizeOf: () => undefined,
    write: async ({edits}: Tuning, folder: string) => {
      const path = join(folder, 'file')
      writeFileSync(path, String(edits.length === 0 ? byRule : latencyOf(edits[0]?.to)))
      return path
    },
    contender: (path: string) => {
      const latencyMs = Number(readFileSync(path, 'utf8'))
      const failStart = latencyMs === 0 ? {at: 0, error: new Error('no model')} : undefined
      return fakeContender({latencyMs, seed: seed++, processNoise: 0.03, runNoise: 0.1, ...(failStart && {failStart})})
    },
  }
  return tuneQuantization(task, SILENT)
}

describe('tuneQuantization', () => {
  it('keeps the fastest of the alternatives, and says what it timed', async () => {
    const {tuning, tuned, warnings} = await tune(60, (wish) => (wish === 'integers' ? 20 : 1))
    expect(tuning.edits.map(({to}) => to)).to.deep.equal(['stored'])
    expect(tuned.map(({alternative, kept}) => [alternative, kept])).to.deep.equal([
      ['all on integers', false],
      ['large ones on integers', true],
    ])
    for (const {ratio, low, high} of tuned) expect(ratio).to.be.within(low as number, high as number)
    expect(warnings).to.be.empty
  })

  it('keeps the rules where every alternative is slower, or does not load', async () => {
    const {tuning, tuned} = await tune(1, (wish) => (wish === 'integers' ? 40 : 0))
    expect(tuning).to.deep.equal({edits: []})
    expect(tuned).to.have.length(2)
    expect(tuned.some(({kept}) => kept)).to.equal(false)
    expect(tuned[1]).to.deep.include({ratio: null, low: null, high: null})
  })

  it('times no alternative that comes to the same file', async () => {
    expect((await tune(1, () => 1)).tuned).to.be.empty
  })

  it('says that a model could not be timed', async () => {
    const {tuning, tuned, warnings} = await tune(0, () => 1)
    expect({tuning, tuned}).to.deep.equal({tuning: {edits: []}, tuned: []})
    expect(warnings.map(({code}) => code)).to.deep.equal(['TUNE_FAILED'])
  })
})
