import {expect} from 'chai'
import {fixesSize, preparedSize, resizedSize, withoutSize} from '../../../src/data/images/image-size.js'

describe('resizedSize', () => {
  it('cuts the longer side as transformers does, and does not round it', () => {
    expect(resizedSize([3, 5], {resize: {shortestEdge: 2}})).to.deep.equal([2, 3])
    expect(resizedSize([640, 427], {resize: {shortestEdge: 256}})).to.deep.equal([383, 256])
    expect(resizedSize([7, 7], {resize: {shortestEdge: 4}})).to.deep.equal([4, 4])
  })

  it('takes stated sizes as they are, and leaves an image alone without any', () => {
    expect(resizedSize([3, 5], {resize: [8, 9]})).to.deep.equal([8, 9])
    expect(resizedSize([3, 5], {})).to.deep.equal([3, 5])
  })
})

describe('preparedSize', () => {
  it('is that of the crop, larger or smaller than the image', () => {
    expect(preparedSize([3, 5], {resize: {shortestEdge: 2}, crop: [4, 4]})).to.deep.equal([4, 4])
    expect(preparedSize([3, 5], {resize: {shortestEdge: 6}})).to.deep.equal([6, 10])
  })
})

describe('fixesSize', () => {
  it('holds for a crop and for stated sizes, not for a shorter side', () => {
    const specs = [{crop: [2, 2]}, {resize: [2, 2]}, {resize: {shortestEdge: 2}}, {}] as const
    expect(specs.map((spec) => fixesSize(spec))).to.deep.equal([true, true, false, false])
  })
})

describe('withoutSize', () => {
  it('leaves what is done to numbers', () => {
    const spec = {resize: [2, 2], resample: 'box', crop: [1, 1], scale: 2, mean: [1], layout: 'nhwc'} as const
    expect(withoutSize(spec)).to.deep.equal({scale: 2, mean: [1], layout: 'nhwc'})
  })
})
