import {expect} from 'chai'
import {type Augmentation, augmentFor} from '../../../src/data/images/augment.js'

const HEIGHT = 8
const WIDTH = 16
const SIZE = HEIGHT * WIDTH
const SAMPLES = 64

/** Every pixel has a number of its own. */
const IMAGE = Array.from({length: SIZE}, (_, pixel) => pixel)

describe('augmentFor', () => {
  it('mirrors about half of the images, and leaves the others as they are', () => {
    const mirrored = IMAGE.map((_, pixel) => pixel - (pixel % WIDTH) + (WIDTH - 1 - (pixel % WIDTH)))
    const images = augmented(['flip'])
    const count = images.filter((image) => image.join() === mirrored.join()).length
    expect(count).to.be.within(SAMPLES / 4, (3 * SAMPLES) / 4)
    expect(images.filter((image) => image.join() === IMAGE.join())).to.have.length(SAMPLES - count)
  })

  it('shifts by whole pixels, at most an eighth of a side, and repeats the border', () => {
    const shifts = augmented(['shift']).map((image) => shiftOf(image))
    expect(Math.max(...shifts.map(([x]) => Math.abs(x)))).to.equal(WIDTH / 8)
    expect(Math.max(...shifts.map(([, y]) => Math.abs(y)))).to.equal(HEIGHT / 8)
    expect(new Set(shifts.map(String)).size).to.be.above(8)
  })

  it('crops windows out of the inside and stretches them', () => {
    // in an even slope, what the window is stretched to is an even slope again
    for (const image of augmented(['crop'])) {
      const middle = image.slice(2, WIDTH - 2)
      const steps = middle.slice(1).map((value, place) => value - (middle[place] as number))
      for (const step of steps) expect(step).to.be.closeTo(steps[0] as number, 1e-4)
      expect(steps[0]).to.be.within(0.75, 1)
      expect(Math.min(...image)).to.be.at.least(0)
      expect(Math.max(...image)).to.be.at.most(SIZE - 1)
    }
  })

  it('gives all channels one change, wherever they stand', () => {
    const kinds: Augmentation[] = ['flip', 'shift', 'crop']
    const planes = new Float32Array([...IMAGE, ...IMAGE.map((value) => 1000 + value), ...IMAGE])
    const pixels = Float32Array.from(
      {length: 3 * SIZE},
      (_, index) => planes[(index % 3) * SIZE + Math.floor(index / 3)] as number,
    )
    const round = {kinds, seed: 5, skip: 0}
    const first = augmentFor({dtype: 'float32'}, [3, HEIGHT, WIDTH], round)?.(planes, 0) as Float32Array
    const last = augmentFor({dtype: 'float32'}, [HEIGHT, WIDTH, 3], round)?.(pixels, 0) as Float32Array
    expect([...first.subarray(2 * SIZE)]).to.deep.equal([...first.subarray(0, SIZE)])
    first.forEach((value, index) => {
      expect(last[(index % SIZE) * 3 + Math.floor(index / SIZE)]).to.equal(value)
    })
  })

  it('does for a place in the round what it does in a round that begins there, and something else in another round', () => {
    const whole = augmented(['flip', 'shift', 'crop'])
    expect(augmented(['flip', 'shift', 'crop'], {skip: 10}).slice(0, 5)).to.deep.equal(whole.slice(10, 15))
    expect(augmented(['flip', 'shift', 'crop'], {seed: 2})).not.to.deep.equal(whole)
  })

  it('takes whole pixels for integers, and knows what is no image', () => {
    const bytes = Uint8Array.from(IMAGE)
    const augment = augmentFor({dtype: 'uint8'}, [1, HEIGHT, WIDTH], {kinds: ['crop'], seed: 1, skip: 0})
    const changed = [...((augment?.(bytes, 0) ?? []) as Uint8Array)]
    expect(changed).to.have.length(SIZE)
    expect(IMAGE).to.include.members(changed)
    expect(augmentFor({dtype: 'float32'}, [784], {kinds: ['flip'], seed: 1, skip: 0})).to.equal(undefined)
  })
})

function augmented(kinds: readonly Augmentation[], {seed = 1, skip = 0} = {}): number[][] {
  const augment = augmentFor({dtype: 'float32'}, [1, HEIGHT, WIDTH], {kinds, seed, skip})
  const batch = Float32Array.from({length: SAMPLES * SIZE}, (_, index) => index % SIZE)
  const out = augment?.(batch, 0) as Float32Array
  return Array.from({length: SAMPLES}, (_, sample) => [...out.subarray(sample * SIZE, (sample + 1) * SIZE)])
}

/** How far the image moved; every pixel is checked. */
function shiftOf(image: readonly number[]): [x: number, y: number] {
  const centre = (HEIGHT / 2) * WIDTH + WIDTH / 2
  const from = image[centre] as number
  const [x, y] = [(centre % WIDTH) - (from % WIDTH), Math.floor(centre / WIDTH) - Math.floor(from / WIDTH)]
  image.forEach((value, pixel) => {
    const column = Math.min(WIDTH - 1, Math.max(0, (pixel % WIDTH) - x))
    const row = Math.min(HEIGHT - 1, Math.max(0, Math.floor(pixel / WIDTH) - y))
    expect(value).to.equal(row * WIDTH + column)
  })
  return [x, y]
}
