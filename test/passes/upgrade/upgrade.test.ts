import {Tensor as OrtTensor} from 'onnxruntime-node'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

/** Operators whose definition was reworded on the way: the runtime's kernels for the versions agree. */
describe('same', () => {
  for (const [type, opset] of [
    ['AveragePool', 10],
    ['MaxPool', 10],
    ['LpPool', 11],
  ] as const) {
    for (const attributes of [
      {strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1},
      {strides: [3, 2], pads: [0, 1, 1, 0], ceil_mode: 1, count_include_pad: 1},
      {strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1},
      {strides: [2, 2], auto_pad: 'SAME_UPPER'},
      {strides: [2, 3], auto_pad: 'SAME_LOWER'},
      {strides: [2, 2], auto_pad: 'VALID'},
    ]) {
      const {ceil_mode, count_include_pad, ...rest} = attributes as Record<string, number | string | number[]>
      const own = {
        ...rest,
        ...(type !== 'LpPool' && ceil_mode !== undefined && {ceil_mode}),
        ...(type === 'AveragePool' && count_include_pad !== undefined && {count_include_pad}),
      }
      for (const size of [6, 7, 8]) {
        itMeansTheSame({
          name: `${type} of ${size} by ${size} ${JSON.stringify(own)}`,
          opset,
          feeds: {x: floatFeed([1, 2, size, size])},
          write: (build) =>
            build.output(build.op(type, [build.input('x', [1, 2, size, size])], {kernel_shape: [3, 3], ...own})),
        })
      }
    }
  }

  itMeansTheSame({
    name: 'OneHot of negative indices',
    opset: 9,
    feeds: {x: new OrtTensor('int64', BigInt64Array.of(0n, -1n, 2n, 5n), [4])},
    write: (build) =>
      build.output(
        build.op('OneHot', [build.input('x', [4], 'int64'), build.scalar(3, 'int64'), build.floats([0, 1])]),
      ),
  })

  // float8e4m3fnuz, float8e5m2fnuz
  for (const to of [18, 20]) {
    itMeansTheSame({
      name: `infinity cast to type ${to}`,
      opset: 19,
      feeds: {x: new OrtTensor('float32', Float32Array.of(Infinity, -Infinity, 1e9, 0.3), [4])},
      write: (build) => {
        const tiny = build.op('Cast', [build.input('x', [4])], {to})
        build.output(build.op('IsNaN', [build.op('Cast', [tiny], {to: 1})]))
      },
    })
  }
})
