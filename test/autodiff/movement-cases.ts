import {float32, int64, tensorOf} from '../../src/ir/tensor.js'
import {floats, ints, one} from '../ops/cases/case.js'
import {type GradientCase, moving} from '../support/gradient-trial.js'

const floatInput = moving(2, 3, 4)
const resized = (attributes: NonNullable<GradientCase['attributes']>, ...scales: number[]): GradientCase => ({
  inputs: [moving(2, 2, 3, 4), undefined, floats(...scales)],
  attributes,
})

export const MOVEMENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  Reshape: [{inputs: [floatInput, ints(4, -1)]}, {inputs: [floatInput, ints(0, -1)]}],
  Flatten: [{inputs: [floatInput]}, {inputs: [floatInput], attributes: {axis: 2}}],
  Transpose: [{inputs: [floatInput]}, {inputs: [floatInput], attributes: {perm: [1, 2, 0]}}],
  Squeeze: [{inputs: [moving(2, 1, 3, 1), ints(1, -1)]}, {inputs: [moving(2, 1, 3)]}],
  Unsqueeze: [{inputs: [floatInput, ints(0, -1)]}],
  Expand: [{inputs: [moving(3, 1), ints(2, 1, 4)]}, {inputs: [moving(3, 4), ints(1, 4)]}],
  Tile: [{inputs: [moving(2, 3), ints(2, 3)]}],
  Concat: [
    {inputs: [moving(2, 3), moving(2, 1), moving(2, 2)], attributes: {axis: -1}},
    {inputs: [moving(2, 3)], attributes: {axis: 0}},
  ],
  Split: [
    {inputs: [moving(2, 5), ints(2, 3)], attributes: {axis: 1}, outputs: 2},
    {inputs: [moving(4, 3), ints(1, 2, 1)], attributes: {axis: -2}, outputs: 3},
  ],
  Slice: [
    {inputs: [moving(5, 6), ints(1, -4), ints(4, 1000)]},
    {inputs: [moving(5, 6), ints(-1), ints(-1000), ints(1), ints(-2)]},
    {inputs: [moving(5, 6), ints(0), ints(5), ints(0), ints(2)]},
    {inputs: [moving(5, 6), ints(1), ints(3), ints(-1)]},
  ],
  Pad: [
    {inputs: [moving(2, 3), ints(1, 0, 2, 1)]},
    {inputs: [moving(2, 3), ints(1, -1, 2, 1), moving()]},
    {inputs: [moving(4, 3), ints(1, 2, 2, 1)], attributes: {mode: 'reflect'}},
    {inputs: [moving(4, 3), ints(1, 2, 2, 1)], attributes: {mode: 'edge'}},
    {inputs: [moving(2, 3, 4), ints(1, 2), undefined, ints(-1)], opsets: [18, 24]},
  ],
  Gather: [
    {inputs: [moving(5, 3), int64([0, 4, 4, -1], [2, 2])]},
    {inputs: [moving(2, 5, 3), ints(0, 4, 4)], attributes: {axis: 1}},
    {inputs: [moving(2, 5), int64([1, 1, 3, 0], [2, 2])], attributes: {axis: -1}},
    {inputs: [moving(2, 5), one(2, 'int64')], attributes: {axis: 1}},
  ],
  GatherElements: [{inputs: [moving(3, 4), int64([0, 1, 1, 2, 3, 3], [3, 2])], attributes: {axis: 1}}],
  GatherND: [{inputs: [moving(3, 4, 2), int64([0, 1, 2, 3, 0, 1], [3, 2])]}],
  ScatterElements: [
    {inputs: [moving(3, 4), int64([0, 1, 2, 3], [2, 2]), moving(2, 2)], attributes: {axis: 1}},
    {inputs: [moving(3, 4), int64([0, 1, 1, 1], [2, 2]), moving(2, 2)], attributes: {axis: 1, reduction: 'add'}},
  ],
  ScatterND: [
    {inputs: [moving(4, 3), int64([0, 2], [2, 1]), moving(2, 3)]},
    {inputs: [moving(4, 3), int64([2, 2], [2, 1]), moving(2, 3)], attributes: {reduction: 'add'}},
  ],
  Trilu: [{inputs: [moving(3, 4)]}, {inputs: [moving(2, 3, 4), one(1, 'int64')], attributes: {upper: 0}}],
  ReverseSequence: [{inputs: [moving(4, 3), ints(2, 4, 1)], attributes: {batch_axis: 1, time_axis: 0}}],
  Compress: [
    {inputs: [moving(4, 3), tensorOf('bool', [4], Uint8Array.of(1, 0, 1, 1))], attributes: {axis: 0}},
    {inputs: [moving(2, 2), tensorOf('bool', [3], Uint8Array.of(0, 1, 1))]},
  ],
  TopK: [
    {inputs: [moving(3, 5), ints(2)], outputs: 2},
    {inputs: [moving(5, 3), ints(2)], attributes: {axis: 0, largest: 0}, outputs: 2},
  ],
  CumSum: [
    {inputs: [moving(3, 5), one(1, 'int64')]},
    {inputs: [moving(3, 5), one(0, 'int64')], attributes: {exclusive: 1, reverse: 1}},
  ],
  DepthToSpace: [
    {inputs: [moving(2, 8, 2, 3)], attributes: {blocksize: 2}},
    {inputs: [moving(1, 8, 2, 3)], attributes: {blocksize: 2, mode: 'CRD'}},
  ],
  SpaceToDepth: [{inputs: [moving(2, 2, 4, 6)], attributes: {blocksize: 2}}],
  Resize: [
    resized({mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'}, 1, 1, 2, 2),
    resized({mode: 'nearest'}, 1, 1, 1.5, 0.5),
    resized({mode: 'linear'}, 1, 1, 2, 2),
    resized({mode: 'linear', coordinate_transformation_mode: 'align_corners'}, 1, 1, 2, 1.5),
    {
      inputs: [moving(1, 2, 3, 4), undefined, undefined, ints(1, 2, 5, 6)],
      attributes: {mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel'},
    },
    {inputs: [moving(1, 1, 4, 4), undefined, float32([1, 1, 2, 2])], attributes: {mode: 'cubic'}},
  ],
}
