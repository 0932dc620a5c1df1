import {truncateSync} from 'node:fs'
import {expect} from 'chai'
import {withoutCopies} from '../../../src/runtime/session/without-copies.js'
import {DataFolder} from '../../support/data-folder.js'
import {FLOAT, foreignModel, port} from '../../support/foreign-model.js'

describe('withoutCopies', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  const settings = {provider: 'cpu', threads: 1, extra: {'session.set_denormal_as_zero': '1'}} as const

  it('leaves the settings of models that fit into memory twice', async () => {
    expect(await withoutCopies('fixtures/models/cnn_fm.onnx', settings)).to.equal(settings)
  })

  it('keeps a big model with its data from being copied, whatever else is set', async () => {
    const width = 12_288
    const place = {location: 'big.data', offset: '0', length: String(4 * width * width)}
    const path = folder.write(
      'big.onnx',
      foreignModel({
        ...{name: 'big', input: [port('x', 1, width)], output: [port('y', 1, width)]},
        node: [{opType: 'MatMul', input: ['x', 'w'], output: ['y']}],
        initializer: [
          {
            ...{name: 'w', dims: [BigInt(width), BigInt(width)], dataType: FLOAT, dataLocation: 1},
            externalData: Object.entries(place).map(([key, value]) => ({key, value})),
          },
        ],
      }),
    )
    // a hole, which takes no place on the disk
    truncateSync(folder.write('big.data', ''), 4 * width * width)
    expect((await withoutCopies(path, settings)).extra).to.deep.equal({
      'session.set_denormal_as_zero': '1',
      'session.disable_prepacking': '1',
    })
  })
})
