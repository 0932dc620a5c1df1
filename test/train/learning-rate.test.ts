import {expect} from 'chai'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import type {TrainOptions} from '../../src/train/train-options.js'
import {type TrainControl, type TrainResult, train} from '../../src/train/trainer.js'
import {DataFolder} from '../support/data-folder.js'
import {pointData, points, writeNet} from '../support/training-trial.js'

const BATCH = 10
const EPOCHS = 4

describe('train, when it chooses its learning rate', () => {
  const folder = new DataFolder()
  let model: string
  let data: DataSpec

  before(() => {
    model = writeNet(folder, 'net.onnx')
    data = {path: pointData(folder, 'points.npz', {label: points(1).labels}), seed: 0}
  })
  after(() => folder.remove())

  it('goes on as if the rate that it chose had been given', async () => {
    const chosen = await run({})
    const {value = 0, tried = []} = chosen.learningRate ?? {}
    expect(tried.map((one) => one.value)).to.include(value)
    expect(tried.length).to.be.within(2, 7)
    const given = await run({learningRate: value})
    expect(given.learningRate).to.deep.equal({value, tried: []})
    expect([...given.weights]).to.deep.equal([...chosen.weights])
    expect(given.firstLosses).to.deep.equal(chosen.firstLosses)
  })

  it('judges rates on samples of the training where there are no held-out ones', async () => {
    const updates: number[] = []
    const result = await run({evaluation: undefined}, {onTrial: (done) => updates.push(done)})
    expect(result.learningRate?.tried.every(({loss}) => loss !== null && loss > 0)).to.equal(true)
    expect(updates.at(-1)).to.equal(12 * (result.learningRate?.tried.length ?? 0))
    expect(result.steps).to.equal(48)
  })

  it('knows its choice when it goes on from a checkpoint', async () => {
    const checkpoint = {path: `${folder.path}/half.ckpt`}
    const whole = await run({schedule: 'constant'})
    await run({schedule: 'constant', epochs: EPOCHS / 2, checkpoint})
    let trials = 0
    const onTrial = (): void => {
      trials++
    }
    const resumed = await run({schedule: 'constant', checkpoint: {...checkpoint, resume: true}}, {onTrial})
    expect(trials).to.equal(0)
    expect(resumed.learningRate).to.deep.equal(whole.learningRate)
    expect([...resumed.weights]).to.deep.equal([...whole.weights])
  })

  interface Changes extends Partial<TrainOptions> {
    readonly learningRate?: number
    readonly schedule?: 'constant'
  }

  async function run(
    {learningRate, schedule: kind, ...options}: Changes,
    control: TrainControl = {},
  ): Promise<TrainResult> {
    const file = await openModel(model)
    const schedule = {kind: kind ?? 'cosine', learningRate: learningRate ?? 'auto'} as const
    try {
      return await train(
        file.model,
        {
          ...{name: 'net', settings: {provider: 'cpu', threads: 1}, data, batch: BATCH, epochs: EPOCHS, seed: 3},
          evaluation: {data, metric: 'top1', batch: 64},
          losses: [{kind: 'cross-entropy'}],
          update: {optimizer: {kind: 'adamw'}, schedule},
          ...options,
        },
        control,
      )
    } finally {
      file.close()
    }
  }
})
