import {expect} from 'chai'
import {chooseRate} from '../../../src/train/loop/choose-rate.js'

const RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
const INFINITY = Number.POSITIVE_INFINITY

describe('chooseRate', () => {
  it('walks up to the lowest loss, and no further than one beyond it', async () => {
    expect(await choice({'0.001': 3, '0.003': 2, '0.01': 1})).to.deep.equal([0.01, [0.001, 0.003, 0.01]])
    expect(await choice({'0.001': 2, '0.003': 1, '0.01': 3})).to.deep.equal([0.003, [0.001, 0.003, 0.01]])
  })

  it('walks down to the lowest loss', async () => {
    const losses = {'0.0001': 2, '0.0003': 1, '0.001': 2, '0.003': 3}
    expect(await choice(losses)).to.deep.equal([0.0003, [0.0001, 0.0003, 0.001, 0.003]])
    expect(await choice({...losses, '0.0001': 0.5})).to.deep.equal([0.0001, [0.0001, 0.0003, 0.001, 0.003]])
  })

  it('takes the larger of two that are about as good for weights that learned before, the smaller for new ones', async () => {
    const losses = {'0.0003': 1, '0.001': 1.02, '0.003': 1.04, '0.01': 1.2}
    expect((await choice(losses))[0]).to.equal(0.003)
    expect((await choice({'0.001': 1, '0.003': 1, '0.01': 1, '0.0003': 1}, false))[0]).to.equal(0.001)
    expect((await choice({'0.0003': 1, '0.001': 0.99, '0.003': 0.98, '0.01': 2}, false))[0]).to.equal(0.003)
  })

  it('does not add up small losses from step to step', async () => {
    expect((await choice({'0.001': 1, '0.003': 1.04, '0.01': 1.08}))[0]).to.equal(0.003)
  })

  it('goes by what differs on the same batches, not by how batches differ', async () => {
    const batches = [1, 5, 9]
    const losses: Readonly<Record<string, readonly number[]>> = {
      '0.001': batches,
      '0.003': batches.map((loss) => loss - 0.01),
      '0.01': [9, 0, 6.01],
    }
    const {value} = await chooseRate(
      {rates: RATES, start: 2, isTrained: false},
      async (rate) => losses[rate] ?? batches,
    )
    expect(value).to.equal(0.003)
  })

  it('never takes a rate at which a training broke down, and says which did', async () => {
    const losses: Readonly<Record<string, readonly number[]>> = {'0.003': [], '0.001': [INFINITY], '0.0003': [2]}
    const search = {rates: RATES, start: 2, isTrained: true}
    const {value, tried} = await chooseRate(search, async (rate) => losses[rate] ?? [2])
    expect(value).to.equal(0.0003)
    expect(tried.filter(({loss}) => loss === null).map((one) => one.value)).to.deep.equal([0.001, 0.003])
  })

  /** @returns the rate, and those that were tried. */
  async function choice(losses: Readonly<Record<string, number>>, isTrained = true): Promise<[number, number[]]> {
    const {value, tried} = await chooseRate({rates: RATES, start: 2, isTrained}, async (rate) => {
      const loss = losses[rate]
      if (loss === undefined) throw new Error(`${rate} need not be tried`)
      return [loss, loss]
    })
    return [value, tried.map((one) => one.value)]
  }
})
