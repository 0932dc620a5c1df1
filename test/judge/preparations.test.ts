import {expect} from 'chai'
import type {PixelFacts} from '../../src/judge/pixel-facts.js'
import {preparations} from '../../src/judge/preparations.js'

const gray = (lowest: number, highest: number): PixelFacts => ({
  lowest,
  highest,
  mean: [highest / 2],
  std: [highest / 4],
})
const colour: PixelFacts = {lowest: 0, highest: 255, mean: [120, 115, 105], std: [60, 60, 60]}
/** What becomes of the ends of the range, in the first channel. */
const ends = (facts: PixelFacts) =>
  preparations(facts, {}).map(({preprocess: {scale, mean, std}}) =>
    [facts.lowest, facts.highest].map((x) => Number(((x * scale - (mean[0] ?? 0)) / (std[0] ?? 1)).toFixed(6))),
  )

describe('preparations', () => {
  for (const [title, facts] of [
    ['bytes', gray(0, 255)],
    ['numbers in 0..1', gray(0, 1)],
    ['numbers in -1..1', {...gray(-1, 1), mean: [0], std: [0.5]}],
  ] as const) {
    it(`brings ${title} to 0..255, 0..1, -1..1 and their own mean and deviation`, () => {
      expect(ends(facts)).to.deep.equal([
        [0, 255],
        [0, 1],
        [-1, 1],
        [-2, 2],
      ])
    })
  }

  it("tries ImageNet's and Caffe's numbers on colours, also from blue to red", () => {
    const flags = preparations(colour, {}).map((preparation) => preparation.flags)
    expect(flags).to.include('--scale 1/255 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225')
    expect(flags).to.include('--scale 1 --mean 123.68,116.779,103.939 --std 1')
    expect(flags).to.include('--scale 1 --mean 103.939,116.779,123.68 --std 1 --channels bgr')
    expect(new Set(flags).size).to.equal(flags.length)
  })

  it('undoes a mean that was given, and keeps it with another scale', () => {
    const flags = preparations(gray(0, 255), {mean: [0.286], std: [0.353]}).map((preparation) => preparation.flags)
    expect(flags.slice(0, 3)).to.deep.equal([
      '--scale 1 --mean 0.286 --std 0.353',
      '--scale 1/255 --mean 0.286 --std 0.353',
      '--scale 1 --mean 0 --std 1',
    ])
  })

  it('writes negative numbers so that they are no flags', () => {
    const flags = preparations({...gray(-1, 1), mean: [0], std: [0.5]}, {}).map((preparation) => preparation.flags)
    expect(flags).to.include('--scale 0.5 --mean=-0.5 --std 1')
  })

  it('knows none for numbers that were standardized already', () => {
    expect(preparations(gray(-2.1, 2.6), {})).to.be.empty
  })
})
