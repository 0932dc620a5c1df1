import {expect} from 'chai'
import {UsageError} from '../../src/errors.js'
import {checkOptions} from '../../src/train/check-options.js'
import type {TrainOptions} from '../../src/train/train-options.js'

const OPTIONS: TrainOptions = {
  name: 'x',
  settings: {provider: 'cpu', threads: 1},
  data: {path: 'x.npy', seed: 0},
  losses: [{kind: 'cross-entropy'}],
  update: {optimizer: {kind: 'adam'}, schedule: {kind: 'cosine', learningRate: 0.1}},
  batch: 8,
  epochs: 1,
  seed: 0,
}
const {update} = OPTIONS

const WRONG: readonly [Partial<TrainOptions>, message: string][] = [
  [{batch: 0}, 'batch: expected a whole number of at least 1, got 0'],
  [{epochs: 1.5}, 'epochs'],
  [{update: {...update, schedule: {kind: 'constant', learningRate: Number.NaN}}}, 'learning rate'],
  [{update: {...update, schedule: {kind: 'linear', learningRate: 1, finalShare: 2}}}, 'from 0 to 1, got 2'],
  [{update: {...update, clipNorm: -1}}, 'clipping norm'],
  [{update: {...update, accumulate: 0}}, 'batches per update'],
  [
    {update: {...update, optimizer: {kind: 'adam', betas: [0.9, 1]}}},
    'beta: expected a number from 0 to below 1, got 1',
  ],
  [{update: {...update, optimizer: {kind: 'sgd', nesterov: true}}}, 'momentum'],
  [{update: {...update, optimizer: {kind: 'adamw', weightDecay: -1}}}, 'weight decay: expected a number of at least 0'],
  [{losses: []}, 'at least one loss'],
  [{losses: [{kind: 'distillation', temperature: 0}]}, 'temperature'],
  [{losses: [{kind: 'cross-entropy', weight: 0}]}, 'weight above 0'],
  [{checkpoint: {path: 'x', everySteps: 0}}, 'steps between checkpoints'],
]

describe('checkOptions', () => {
  it('takes what can be done', () => {
    expect(() => checkOptions(OPTIONS)).not.to.throw()
  })

  for (const [options, message] of WRONG) {
    it(`refuses with: ${message}`, () => {
      expect(() => checkOptions({...OPTIONS, ...options})).to.throw(UsageError, message)
    })
  }
})
