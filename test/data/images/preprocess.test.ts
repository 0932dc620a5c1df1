import {expect} from 'chai'
import type {PreprocessSpec} from '../../../src/data/dataset.js'
import {openData} from '../../../src/data/open-data.js'
import {UsageError} from '../../../src/errors.js'
import type {DType} from '../../../src/ir/dtype.js'
import {DataFolder} from '../../support/data-folder.js'
import {errorOf, port, readValues} from '../../support/data-reading.js'
import {npyOf} from '../../support/npy-writer.js'

const folder = new DataFolder()
const FM = 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz'
/** One 1×2 colour image as bytes, `[1, height 1, width 2, rgb]`. */
const colour = folder.write('colour.npy', npyOf(Uint8Array.of(10, 20, 30, 40, 50, 60), [1, 1, 2, 3]))
const gray = folder.write('gray.npy', npyOf(Uint8Array.of(0, 51, 102, 255), [1, 2, 2]))

async function prepared(path: string, shape: number[], preprocess: PreprocessSpec = {}, dtype: DType = 'float32') {
  const dataset = await openData({path, seed: 0, limit: 1, preprocess}, [port('x', dtype, ['N', ...shape])])
  return {values: await readValues(dataset, 'x'), notes: dataset.notes}
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).to.have.length(expected.length)
  found.forEach((value, index) => {
    expect(value, `element ${index}`).to.be.closeTo(expected[index] as number, tolerance)
  })
}

describe('preprocess', () => {
  after(() => folder.remove())

  it('scales bytes of image formats to 0..1 for a float input, and says that no mean was given', async () => {
    const {values, notes} = await prepared(FM, [1, 28, 28])
    expect(Math.max(...values)).to.equal(1)
    expect(notes[0]).to.contain('scaled by 1/255 and no mean is subtracted')
  })

  it('takes bytes of other arrays as the values they are, and says so', async () => {
    const path = folder.npz('gray.npz', {x: npyOf(Uint8Array.of(0, 51, 102, 255), [1, 1, 2, 2])})
    for (const file of [gray, path]) {
      const {values, notes} = await prepared(file, [1, 2, 2])
      expect(values, file).to.deep.equal([0, 51, 102, 255])
      expect(notes[0], file).to.contain('go in as they are, 0..255: give --scale 1/255')
    }
    expectClose((await prepared(path, [1, 2, 2], {scale: 1 / 255})).values, [0, 0.2, 0.4, 1], 1e-7)
  })

  it('resizes bytes of arrays without scaling them', async () => {
    const {values} = await prepared(gray, [1, 1, 1], {resize: [1, 1]})
    expect(values).to.deep.equal([103])
  })

  it('reads from the mean whether pixels are meant as 0..255 or as 0..1', async () => {
    const whole: PreprocessSpec = {mean: [127.5], std: [127.5]}
    for (const path of [gray, FM]) {
      const {values} = await prepared(path, path === FM ? [1, 28, 28] : [1, 2, 2], whole)
      expect([Math.min(...values), Math.max(...values)], path).to.deep.equal([-1, 1])
    }
    expect((await prepared(gray, [1, 2, 2], {mean: [0.5]})).notes[0]).to.contain(
      'scaled by 1/255 before the mean is subtracted, as it suggests',
    )
  })

  it('leaves bytes as they are for an integer input', async () => {
    const {values, notes} = await prepared(FM, [1, 28, 28], {}, 'uint8')
    expect(Math.max(...values)).to.equal(255)
    expect(notes).to.be.empty
  })

  it('subtracts the mean and divides by the deviation after scaling', async () => {
    const {values, notes} = await prepared(gray, [1, 2, 2], {mean: [0.286], std: [0.353]})
    expectClose(values, [-0.8101983, -0.2436261, 0.3229462, 2.0226629], 1e-6)
    expect(notes[0]).to.contain('scaled by 1/255 before the mean is subtracted')
  })

  it('takes one mean per channel, and turns the layout', async () => {
    const spec: PreprocessSpec = {scale: 1, mean: [10, 20, 30], std: [1, 2, 3], layout: 'nchw'}
    expect((await prepared(colour, [3, 1, 2], spec)).values).to.deep.equal([0, 30, 0, 15, 0, 10])
  })

  it('finds the layout from the input', async () => {
    expect((await prepared(colour, [3, 1, 2], {scale: 1})).values).to.deep.equal([10, 40, 20, 50, 30, 60])
    expect((await prepared(colour, [1, 2, 3], {scale: 1})).values).to.deep.equal([10, 20, 30, 40, 50, 60])
  })

  it('swaps to bgr, mixes to gray, and repeats gray as rgb', async () => {
    expect((await prepared(colour, [3, 1, 2], {scale: 1, channels: 'bgr'})).values).to.deep.equal([
      30, 60, 20, 50, 10, 40,
    ])
    // 0.299·10 + 0.587·20 + 0.114·30 = 18.15, and 30 more
    expect((await prepared(colour, [1, 1, 2], {scale: 1, channels: 'gray'})).values).to.deep.equal([18, 48])
    const repeated = await prepared(gray, [3, 2, 2], {scale: 1, channels: 'rgb'})
    expect(repeated.values).to.deep.equal([0, 51, 102, 255, 0, 51, 102, 255, 0, 51, 102, 255])
  })

  it('flattens images for an input of vectors', async () => {
    expect((await prepared(FM, [784])).values).to.have.length(784)
  })

  it('rounds into integer inputs', async () => {
    expect((await prepared(gray, [1, 2, 2], {scale: 0.5}, 'uint8')).values).to.deep.equal([0, 26, 51, 128])
  })

  // what ONNX Runtime 1.30 gives for Resize-18 (linear, half_pixel, antialias=1, exclude_outside=1) on x[i] = 7·i² mod 256
  const resized: [from: [number, number], to: [number, number], expected: number[]][] = [
    [
      [6, 7],
      [3, 4],
      [67.0476, 76.0286, 140.2114, 205.4966, 77.2857, 109, 143, 198.8095, 132.1156, 132.5943, 103.4971, 191],
    ],
    [
      [4, 3],
      [8, 5],
      [
        0, 2.8, 7, 19.6, 28, 15.75, 22.75, 33.25, 52.15, 64.75, 47.25, 62.65, 85.75, 117.25, 138.25, 110.25, 108.45,
        105.75, 149.85, 179.25, 204.75, 160.15, 93.25, 149.95, 187.75, 202.75, 166.55, 112.25, 143.15, 163.75, 104.25,
        127.65, 162.75, 129.45, 107.25, 55, 108.2, 188, 122.6, 79,
      ],
    ],
  ]
  for (const [[height, width], to, expected] of resized) {
    const source = Float32Array.from({length: height * width}, (_, i) => (7 * i * i) % 256)

    it(`resizes ${height}x${width} to ${to.join('x')} as ONNX Runtime does`, async () => {
      const path = folder.write('floats.npy', npyOf(source, [1, height, width]))
      expectClose((await prepared(path, [1, ...to], {resize: to})).values, expected, 2e-4)
    })

    it(`resizes ${height}x${width} bytes in colour to ${to.join('x')}, rounded`, async () => {
      const pixels = Uint8Array.from({length: source.length * 3}, (_, i) => source[Math.floor(i / 3)] as number)
      const path = folder.write('bytes.npy', npyOf(pixels, [1, height, width, 3]))
      const {values} = await prepared(path, [3, ...to], {resize: to, scale: 1})
      // bytes are rounded after each axis, as Pillow does
      expectClose(values, [...expected, ...expected, ...expected], 1.001)
      expect(values.every(Number.isInteger)).to.equal(true)
    })
  }

  it('refuses flags that do not fit the images', async () => {
    const mean = await errorOf(prepared(colour, [3, 1, 2], {mean: [1, 2]}))
    expect(mean).to.be.instanceOf(UsageError)
    expect(mean.message).to.equal('--mean: expected one value or one for each of 3 channels, got 2 values')
    expect((await errorOf(prepared(gray, [1, 2, 2], {std: [0]}))).message).to.contain('other than 0')
    const shape = await errorOf(prepared(FM, [3, 224, 224]))
    expect(shape.message).to.contain('expected [N, 3, 224, 224] float32, got [1000, 28, 28] uint8')
    expect(shape.hint).to.contain('--resize')
  })

  it('refuses preprocessing flags for data without images', async () => {
    const ids = port('input_ids', 'int64', ['N', 'T'])
    const error = await errorOf(
      openData({path: 'fixtures/spam/spam_test.npz', seed: 0, preprocess: {mean: [0.5]}}, [ids]),
    )
    expect(error.message).to.contain("the preprocessing flags expect images, got 'input_ids' [300, 64] int64")
  })

  it('leaves token ids beside images alone', async () => {
    const path = folder.npz('pair.npz', {
      image: npyOf(Uint8Array.of(0, 255), [1, 1, 2]),
      ids: npyOf(BigInt64Array.of(7n, 8n), [1, 2]),
    })
    const inputs = [port('image', 'float32', ['N', 1, 1, 2]), port('ids', 'int64', ['N', 2])]
    const dataset = await openData({path, seed: 0, preprocess: {mean: [0.5]}}, inputs)
    expect(await readValues(dataset, 'ids')).to.deep.equal([7, 8])
    expect(await readValues(dataset, 'image')).to.deep.equal([-0.5, 0.5])
  })
})
