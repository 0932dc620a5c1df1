import {expect} from 'chai'
import {rmse} from '../../../src/metrics/rmse.js'
import type {Objective} from '../../../src/pipelines/train/choose-losses.js'
import {withTemperature} from '../../../src/pipelines/train/choose-temperature.js'
import type {LossSpec} from '../../../src/train/step/step-loss.js'
import {DataFolder} from '../../support/data-folder.js'

const SAMPLES = 12
const DISTILLATION: LossSpec = {kind: 'distillation', temperature: 1}
const LABELS: LossSpec = {kind: 'cross-entropy'}

describe('withTemperature', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('softens what a sure teacher says, and takes an unsure one as it is', () => {
    expect(temperature({classes: 10, margin: 30})).to.equal(4)
    expect(temperature({classes: 10, margin: 6})).to.be.within(1.5, 3)
    expect(temperature({classes: 10, margin: 1})).to.equal(1)
    expect(temperature({classes: 3000, margin: 6})).to.equal(1)
  })

  it('takes two classes as they are beside labels, and softens them where nobody else says what is right', () => {
    expect(temperature({classes: 2, margin: 9}, [LABELS, DISTILLATION])).to.equal(1)
    expect(temperature({classes: 2, margin: 9}, [DISTILLATION])).to.be.above(2)
    const binary: LossSpec = {kind: 'binary', against: 'teacher'}
    expect(temperature({classes: 1, margin: 9, kind: 'decisions'}, [binary])).to.be.above(2)
  })

  it('does as it is told', () => {
    expect(temperature({classes: 10, margin: 30}, [DISTILLATION], 7)).to.equal(7)
  })

  it('finds the classes of positions on the axis that the loss takes', () => {
    // two classes on the first axis of [2, 3]: equal scores leave all open, along the other axis one is sure
    const rows = Float32Array.from({length: SAMPLES * 6}, (_, at) => (at % 3 === 0 ? 40 : 0))
    const along = (labelShape: readonly number[]): number => {
      return temperatureOf({rows, row: [2, 3]}, 'classes', [{...DISTILLATION, labelShape}])
    }
    expect(along([3])).to.equal(1)
    expect(along([2])).to.equal(4)
  })

  interface Scores {
    readonly classes: number
    /** By which the first score is above the others. */
    readonly margin: number
    readonly kind?: Objective['kind']
  }

  function temperature({classes, margin, kind = 'classes'}: Scores, losses = [DISTILLATION], wanted?: number): number {
    const rows = Float32Array.from({length: SAMPLES * classes}, (_, at) => (at % classes === 0 ? margin : 0))
    return temperatureOf({rows, row: [classes]}, kind, losses, wanted)
  }

  function temperatureOf(
    {rows, row}: {rows: Float32Array; row: readonly number[]},
    kind: Objective['kind'],
    losses: readonly LossSpec[],
    wanted?: number,
  ): number {
    const path = folder.write('rows', new Uint8Array(rows.buffer))
    const cache = {path, samples: SAMPLES, values: [{name: 'y', shape: row}]}
    const kept = {cache, probabilities: [false], labels: undefined, notes: [], peakRssBytes: 0}
    const objective = {losses, taught: [], metric: rmse, kind, isRaw: true, output: 'y', classes: undefined, alpha: 1}
    const last = withTemperature(objective, kept, wanted).losses.at(-1)
    return last && 'temperature' in last ? (last.temperature ?? Number.NaN) : Number.NaN
  }
})
