import {f, floats, indices, ints, type OpCase, of, one, ones, tensorAttribute} from './case.js'

const BEFORE_7 = 'ONNX Runtime runs opset 7 and later'

/** By operator and the `sinceOpset` of its record. */
export const MOVEMENT_CASES: Readonly<Record<string, readonly OpCase[]>> = {
  'Reshape 5': [
    {inputs: [f(2, 3, 4), ints(0, -1)]},
    {inputs: [f(2, 3, 4), ints(4, 6)]},
    {inputs: [f(2, 0, 4), ints(0, 3, 4)], attributes: {allowzero: 1}},
  ],
  'Reshape 1': [
    {inputs: [f(2, 6)], attributes: {shape: [3, -1]}, stated: {because: BEFORE_7, types: [['float32', [3, 4]]]}},
  ],
  'Flatten 1': [
    {inputs: [f(2, 3, 4)]},
    {inputs: [f(2, 3, 4)], attributes: {axis: 0}},
    {inputs: [f(2, 3, 4)], attributes: {axis: -1}},
    {inputs: [f(2, 3)], attributes: {axis: 2}},
  ],
  'Transpose 1': [{inputs: [f(2, 3, 4)]}, {inputs: [f(2, 3, 4)], attributes: {perm: [1, 2, 0]}}],
  'Squeeze 13': [{inputs: [f(1, 3, 1), ints(0)]}, {inputs: [f(1, 3, 1)]}, {inputs: [f(1, 3, 1), ints(-1, 0)]}],
  'Squeeze 1': [{inputs: [f(1, 3, 1)], attributes: {axes: [2]}}, {inputs: [f(1, 3, 1)]}],
  'Unsqueeze 13': [{inputs: [f(2, 3), ints(0, 3)]}, {inputs: [f(2, 3), ints(-1)]}],
  'Unsqueeze 1': [{inputs: [f(2, 3)], attributes: {axes: [1, 2]}}],
  'Expand 8': [{inputs: [f(2, 1), ints(3, 2, 4)]}, {inputs: [f(2, 3), ints(1)]}],
  'Tile 6': [{inputs: [f(2, 3), ints(2, 1)]}],
  'Concat 4': [
    {inputs: [f(2, 3), f(2, 4)], attributes: {axis: 1}},
    {inputs: [f(2, 3), f(5, 3)], attributes: {axis: -2}},
  ],
  'Concat 1': [{inputs: [f(2, 3), f(2, 4)], stated: {because: BEFORE_7, types: [['float32', [2, 7]]]}}],
  'Split 13': [
    {inputs: [f(2, 7), ints(3, 4)], attributes: {axis: 1}, outputs: 2},
    {inputs: [f(2, 7)], attributes: {axis: 1, num_outputs: 3}, outputs: 3},
    {inputs: [f(6, 2)], outputs: 3, opset: 13},
  ],
  'Split 1': [
    {inputs: [f(6, 2)], outputs: 2},
    {inputs: [f(2, 6)], attributes: {axis: 1, split: [1, 2, 3]}, outputs: 3},
  ],
  'Slice 10': [
    {inputs: [f(5, 6), ints(1), ints(4)]},
    {inputs: [f(5, 6), ints(1, 0), ints(-1, 100), ints(0, 1), ints(2, 3)]},
    {inputs: [f(5, 6), ints(-1), ints(-100), ints(1), ints(-2)]},
    {inputs: [f(5, 6), ints(-100), ints(3), ints(-1)]},
    {inputs: [f(5, 6), ints(4), ints(2), ints(0)]},
  ],
  'Slice 1': [
    {inputs: [f(5, 6)], attributes: {starts: [1, -2], ends: [3, 100]}},
    {inputs: [f(5, 6)], attributes: {axes: [1], starts: [0], ends: [-1]}},
  ],
  'Pad 11': [
    {inputs: [f(2, 3), ints(0, 1, 2, 3)]},
    {inputs: [f(2, 3), ints(1, 2), undefined, ints(-1)], opset: 18},
    {inputs: [f(2, 3), ints(0, 1, 2, 3)], attributes: {mode: 'wrap'}},
  ],
  'Pad 2': [{inputs: [f(2, 3)], attributes: {pads: [0, 1, 2, 3]}}],
  'Pad 1': [
    {
      inputs: [f(2, 3)],
      attributes: {paddings: [0, 1, 2, 3]},
      stated: {because: BEFORE_7, types: [['float32', [4, 7]]]},
    },
  ],
  'Gather 1': [
    {inputs: [f(5, 6), indices(5, 2, 3)]},
    {inputs: [f(5, 6), indices(6, 2)], attributes: {axis: -1}},
    {inputs: [f(5, 6), one(2, 'int64')]},
  ],
  'GatherElements 11': [{inputs: [f(5, 6), indices(5, 2, 6)]}],
  'GatherND 11': [
    {inputs: [f(5, 6, 2), indices(5, 3, 2)]},
    {inputs: [f(3, 6, 2), indices(6, 3, 4, 1)], attributes: {batch_dims: 1}, opset: 12},
  ],
  'Scatter 9': [{inputs: [f(4, 6), indices(4, 1, 6), f(1, 6)], opset: 10}],
  'ScatterElements 11': [{inputs: [f(4, 6), indices(4, 1, 6), f(1, 6)]}],
  'ScatterND 11': [{inputs: [f(4, 6), indices(4, 2, 1), f(2, 6)]}],
  'Shape 1': [
    {inputs: [f(2, 3, 4)]},
    {inputs: [f(2, 3, 4)], attributes: {start: 1, end: -1}},
    {inputs: [f(2, 3, 4)], attributes: {start: -2}},
  ],
  'Size 1': [{inputs: [f(2, 3, 4)]}],
  'Range 11': [
    {inputs: [one(2, 'int64'), one(11, 'int64'), one(3, 'int64')]},
    {inputs: [one(1.5), one(4), one(0.5)]},
    {inputs: [one(9, 'int32'), one(-1, 'int32'), one(-2, 'int32')]},
    {inputs: [one(5, 'int64'), one(1, 'int64'), one(1, 'int64')]},
  ],
  'Constant 1': [
    {inputs: [], attributes: {value: tensorAttribute(ones('int8', 2, 3))}},
    {inputs: [], attributes: {value_ints: [1, 2, 3]}},
    {inputs: [], attributes: {value_int: 1}},
    {inputs: [], attributes: {value_float: {type: 'float', value: 1}}},
    {inputs: [], attributes: {value_floats: {type: 'floats', value: [1, 2]}}},
  ],
  'ConstantOfShape 9': [
    {inputs: [ints(2, 3)]},
    {inputs: [ints(2, 3)], attributes: {value: tensorAttribute(ones('int32', 1))}},
    {inputs: [indices(2, 0)]},
  ],
  'Resize 10': [{inputs: [f(1, 2, 5, 7), floats(1, 1, 2, 0.5)]}],
  'Upsample 9': [{inputs: [f(1, 2, 5, 7), floats(1, 1, 2, 3)], opset: 9}],
  'Upsample 7': [{inputs: [f(1, 2, 5, 7)], attributes: {scales: {type: 'floats', value: [1, 1, 2, 3]}}}],
  'DepthToSpace 1': [{inputs: [f(1, 8, 2, 3)], attributes: {blocksize: 2}}],
  'SpaceToDepth 1': [{inputs: [f(1, 2, 4, 6)], attributes: {blocksize: 2}}],
  'OneHot 9': [
    {inputs: [indices(4, 2, 3), one(5, 'int64'), floats(0, 1)]},
    {inputs: [indices(4, 2, 3), one(5, 'int64'), ints(0, 1)], attributes: {axis: 0}},
  ],
  'NonMaxSuppression 10': [{inputs: [f(1, 6, 4), f(1, 2, 6), ints(3), one(0.5), one(0)]}],
  'GridSample 16': [{inputs: [f(2, 3, 5, 6), f(2, 7, 8, 2)]}, {inputs: [f(2, 3, 4, 5, 6), f(2, 7, 8, 9, 3)]}],
  'RoiAlign 10': [
    {inputs: [f(1, 3, 8, 8), f(2, 4), ints(0, 0)], attributes: {output_height: 3, output_width: 2}, opset: 16},
  ],
  'Trilu 14': [{inputs: [f(3, 4)]}],
  'ReverseSequence 10': [{inputs: [f(4, 3), ints(1, 2, 3)]}],
  'EyeLike 9': [{inputs: [f(3, 4)]}, {inputs: [f(3, 4)], attributes: {dtype: 7}}],
  'NonZero 9': [{inputs: [f(3, 4)]}],
  'Compress 9': [{inputs: [f(3, 4), of('bool', 3)], attributes: {axis: 0}}, {inputs: [f(3, 4), of('bool', 3)]}],
}
