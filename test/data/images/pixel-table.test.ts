import {expect} from 'chai'
import type {ImagePlan} from '../../../src/data/images/image-plan.js'
import {pixelTable} from '../../../src/data/images/pixel-table.js'
import {preprocess} from '../../../src/data/images/preprocess.js'
import {castTo} from '../../../src/data/samples/cast.js'

const SIZE = {height: 16, width: 17}
const SAMPLES = 3

describe('pixelTable', () => {
  for (const channels of [undefined, 'rgb', 'bgr'] as const) {
    for (const [from, to] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      it(`gives what each pixel is computed to: ${channels ?? 'as they are'}, channels ${place(from)} to ${place(to)}`, () => {
        const plan = planOf({
          channels,
          source: {...SIZE, channels: 3, channelsFirst: from},
          target: {...SIZE, channels: 3, channelsFirst: to},
        })
        const pixels = Uint8Array.from({length: SAMPLES * 3 * 272}, (_, index) => (index * 7) % 256)
        const table = pixelTable(plan, toFloat32)
        expect(table?.(pixels, SAMPLES)).to.deep.equal(Float32Array.from(preprocess(pixels, SAMPLES, plan, true)))
      })
    }
  }

  it('repeats gray in every channel', () => {
    const plan = planOf({channels: 'rgb', source: {...SIZE, channels: 1, channelsFirst: true}})
    const pixels = Uint8Array.from({length: 272}, (_, index) => index % 256)
    expect(pixelTable(plan, toFloat32)?.(pixels, 1)).to.deep.equal(Float32Array.from(preprocess(pixels, 1, plan, true)))
  })

  it('is none where a pixel depends on others', () => {
    expect(
      pixelTable(planOf({channels: 'gray', target: {...SIZE, channels: 1, channelsFirst: true}}), toFloat32),
    ).to.equal(undefined)
    expect(pixelTable(planOf({spec: {resize: [8, 8]}}), toFloat32)).to.equal(undefined)
  })

  it('is none where the input does not take every byte, so that the sample at fault is named', () => {
    const cast = castTo('float64', 'uint8', 'x')
    expect(pixelTable(planOf({scale: 2}), (values, refuse) => cast(values, refuse))).to.equal(undefined)
  })
})

function planOf(changes: Partial<ImagePlan>): ImagePlan {
  const image = {...SIZE, channels: 3, channelsFirst: true}
  const numbers = {scale: 1 / 255, mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2]}
  return {source: image, target: image, spec: {}, channels: undefined, ...numbers, ...changes}
}

function toFloat32(values: Float64Array): Float32Array {
  return Float32Array.from(values)
}

function place(isFirst: boolean): string {
  return isFirst ? 'first' : 'last'
}
