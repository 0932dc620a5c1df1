import {expect} from 'chai'
import {floats} from '../../../src/ir/attribute.js'
import type {Write} from '../../support/pass-trial.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, refusalOf, upgradedNodes} from '../../support/upgrade-trial.js'

const feeds = {x: floatFeed([1, 2, 4, 6])}

function resized(mode: string, scales: readonly number[]): Write {
  return (build) => build.output(build.op('Resize', [build.input('x', [1, 2, 4, 6]), build.floats(scales)], {mode}))
}

describe('upsampleToResize', () => {
  for (const mode of ['nearest', 'linear']) {
    for (const scales of [
      [1, 1, 2, 2],
      [1, 1, 1.5, 2.25],
    ]) {
      itMeansTheSame({
        name: `${mode} by ${scales}, as an attribute`,
        opset: 7,
        feeds,
        write: (build) =>
          build.output(build.op('Upsample', [build.input('x', [1, 2, 4, 6])], {mode, scales: floats(scales)})),
      })
      itMeansTheSame({
        name: `${mode} by ${scales}, as an input`,
        opset: 9,
        feeds,
        write: (build) =>
          build.output(build.op('Upsample', [build.input('x', [1, 2, 4, 6]), build.floats(scales)], {mode})),
      })
    }
  }

  it('keeps name and output of the node', async () => {
    const [node] = await upgradedNodes(
      (build) => {
        const attributes = {scales: floats([1, 1, 2, 2])}
        const call = {name: 'up', outputs: ['y']}
        build.output(build.op('Upsample', [build.input('x', [1, 2, 4, 6])], attributes, call))
      },
      7,
      13,
    )
    expect([node?.opType, node?.name, node?.namedInFile, node?.outputs[0]?.name]).to.deep.equal([
      'Resize',
      'up',
      true,
      'y',
    ])
  })
})

describe('nameCoordinates', () => {
  for (const mode of ['nearest', 'linear']) {
    for (const scales of [
      [1, 1, 2, 3],
      [1, 1, 1.3, 1.7],
      [1, 1, 0.5, 0.5],
      [1, 1, 0.6, 0.4],
    ]) {
      itMeansTheSame({name: `${mode} by ${scales}`, opset: 10, feeds, write: resized(mode, scales)})
    }
  }
  itMeansTheSame({name: 'linear, both ways', opset: 10, feeds, write: resized('linear', [1, 1, 0.5, 2])})

  it('refuses to round one axis up and another down', async () => {
    expect(await refusalOf(resized('nearest', [1, 1, 0.5, 2]), 10, 11)).to.contain('grows one axis and shrinks another')
  })
})

describe('leaveOutEmpty', () => {
  for (const nearest_mode of ['floor', 'round_prefer_floor']) {
    for (const size of [9, 3, 5]) {
      itMeansTheSame({
        name: `tf_half_pixel_for_nn, ${nearest_mode}, 4 to ${size}`,
        opset: 11,
        feeds: {x: floatFeed([1, 1, 4, 4])},
        write: (build) => {
          const empty = [build.floats([], [0]), build.floats([], [0])]
          const inputs = [build.input('x', [1, 1, 4, 4]), ...empty, build.ints([1, 1, size, size])]
          const attributes = {coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode}
          build.output(build.op('Resize', inputs, attributes))
        },
      })
    }
  }

  it('leaves no empty inputs, and no constants nobody reads', async () => {
    const [node] = await upgradedNodes(resized('linear', [1, 1, 2, 2]), 10, 13)
    expect(node?.inputs.map((value) => value?.constant?.shape)).to.deep.equal([undefined, undefined, [4]])
    expect(node?.graph.constants()).to.have.length(1)
  })
})
