import {expect} from 'chai'
import {fitImage} from '../../../src/data/images/fit-image.js'

const grid = (height: number, width: number) => Float32Array.from({length: height * width}, (_, index) => index + 1)
const gray = (height: number, width: number) => ({height, width, channels: 1, channelsFirst: true})

describe('fitImage', () => {
  it('gives back the image itself where nothing is to do', () => {
    const image = grid(2, 3)
    expect(fitImage(image, gray(2, 3), {}, false)).to.equal(image)
    expect(fitImage(image, gray(2, 3), {crop: [2, 3]}, false)).to.equal(image)
  })

  it('crops around the centre, towards the upper left where it is between two', () => {
    const cropped = fitImage(grid(4, 5), gray(4, 5), {crop: [2, 2]}, false)
    expect(Array.from(cropped)).to.deep.equal([7, 8, 12, 13])
  })

  it('fills with zeros where the image is smaller than the crop', () => {
    const cropped = fitImage(grid(1, 3), gray(1, 3), {crop: [3, 1]}, false)
    expect(Array.from(cropped)).to.deep.equal([0, 2, 0])
    expect(Array.from(fitImage(grid(1, 1), gray(1, 1), {crop: [2, 2]}, false)).sort()).to.deep.equal([0, 0, 0, 1])
  })

  it('keeps the channels of a pixel together, in either layout', () => {
    const last = Float32Array.of(1, 10, 2, 20, 3, 30)
    const first = Float32Array.of(1, 2, 3, 10, 20, 30)
    const shape = {height: 1, width: 3, channels: 2}
    expect(Array.from(fitImage(last, {...shape, channelsFirst: false}, {crop: [1, 1]}, false))).to.deep.equal([2, 20])
    expect(Array.from(fitImage(first, {...shape, channelsFirst: true}, {crop: [1, 1]}, false))).to.deep.equal([2, 20])
  })

  it('resizes first, then crops', () => {
    const resized = fitImage(grid(4, 4), gray(4, 4), {resize: [2, 2], resample: 'box', crop: [1, 2]}, false)
    expect(Array.from(resized)).to.deep.equal([3.5, 5.5])
  })
})
