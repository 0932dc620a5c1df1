import {expect} from 'chai'
import {DataError} from '../../../src/errors.js'
import {measureMoments} from '../../../src/runtime/moments/measure-moments.js'
import {CPU, ModelFolder} from '../model-folder.js'

const SAMPLES = 37

describe('measureMoments', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())

  /** h = x · 2 of `[N, 3, 4]`, then a square root: a tensor in the middle of a model. */
  const model = () =>
    folder.model('model.onnx', (build) => {
      const h = build.op('Mul', [build.input('x', ['N', 3, 4]), build.scalar(2)], {}, {outputs: ['h']})
      build.output(build.op('Sqrt', [h], {}, {outputs: ['y']}))
    })
  const values = Array.from({length: SAMPLES * 12}, (_, i) => Math.sin(i) + (i % 4))
  const data = () => ({path: folder.rows('x.npy', [SAMPLES, 3, 4], values), seed: 0})

  /** XᵀX of all rows, in plain arithmetic. */
  function expected(factor: number): number[] {
    const rows = Array.from({length: SAMPLES * 3}, (_, r) => values.slice(4 * r, 4 * r + 4).map((x) => factor * x))
    return [0, 1, 2, 3].flatMap((i) =>
      [0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)),
    )
  }

  const tensors = [
    {key: 'x', tensor: 'x', channels: 4},
    {key: 'h', tensor: 'h', channels: 4},
  ]

  for (const products of [true, false]) {
    it(`sums up inputs and tensors inside over all positions, ${products ? 'with' : 'without'} products`, async () => {
      const {moments} = await measureMoments(model(), CPU, {data: data(), tensors, products})
      expect([...moments.keys()]).to.deep.equal(['x', 'h'])
      for (const [tensor, factor] of [
        ['x', 1],
        ['h', 2],
      ] as const) {
        const sums = expected(factor)
        const own = moments.get(tensor)
        expect(own?.rows).to.equal(SAMPLES * 3)
        expect(own?.squares).to.have.length(4)
        own?.squares.forEach((square, k) => {
          expect(square).to.be.closeTo((sums[5 * k] as number) / (SAMPLES * 3), 1e-4)
        })
        if (products) own?.products?.forEach((sum, i) => void expect(sum).to.be.closeTo(sums[i] as number, 1e-2))
        expect(own?.products?.length).to.equal(products ? 16 : undefined)
      }
    })
  }

  it('sums up the patches that a kernel sees', async () => {
    const [side, stride] = [4, 2]
    const picture = folder.model('picture.onnx', (build) => {
      build.output(build.op('Neg', [build.input('image', ['N', 2, side, side])], {}, {outputs: ['z']}))
    })
    const pixels = Array.from({length: 3 * 2 * side * side}, (_, i) => Math.sin(3 * i) + (i % 2))
    const at = (n: number, c: number, y: number, x: number) =>
      y < 0 || x < 0 || y >= side || x >= side ? 0 : -(pixels[((n * 2 + c) * side + y) * side + x] as number)
    const grid = <T>(count: number, make: (i: number) => T) => Array.from({length: count}, (_, i) => make(i))
    // a kernel of 3 x 3 that steps by two, with a border of one place
    const patches = grid(3 * 4, (i) => {
      const [n, y, x] = [i >> 2, stride * ((i >> 1) & 1) - 1, stride * (i & 1) - 1]
      return grid(18, (k) => at(n, Math.floor(k / 9), y + (Math.floor(k / 3) % 3), x + (k % 3)))
    })
    const tensor = {
      ...{key: 'window', tensor: 'z', channels: 18},
      window: {kernel: [3, 3], attributes: {strides: [stride, stride], pads: [1, 1, 1, 1]}},
    }
    const data = {path: folder.rows('image.npy', [3, 2, side, side], pixels), seed: 0}
    const {moments} = await measureMoments(picture, CPU, {data, tensors: [tensor], products: true})
    const own = moments.get('window')
    expect(own?.rows).to.equal(12)
    own?.products?.forEach((sum, i) => {
      const [k, j] = [Math.floor(i / 18), i % 18]
      const expected = patches.reduce((all, patch) => all + (patch[k] as number) * (patch[j] as number), 0)
      expect(sum).to.be.closeTo(expected, 1e-4)
    })
  })

  it('refuses what is not finite, and names the tensor', async () => {
    // the square root of a negative number
    const tensor = {key: 'y', tensor: 'y', channels: 4}
    try {
      await measureMoments(model(), CPU, {data: data(), tensors: [tensor], products: false})
    } catch (error) {
      expect(error).to.be.instanceOf(DataError)
      expect((error as Error).message).to.match(/tensor 'y': expected finite values/)
      return
    }
    expect.fail('it did not')
  })
})
