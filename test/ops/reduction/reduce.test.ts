import * as file from '../../../src/ops/reduction/reduce.js'
import {f, ints, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {type GradientCase, moving, within} from '../../support/operators/gradient-trial.js'

const reduceByAttribute: readonly OpCase[] = [
  {inputs: [f(2, 3, 4)]},
  {inputs: [f(2, 3, 4)], attributes: {axes: [-1, 0], keepdims: 0}},
  {inputs: [f(2, 3, 4)], attributes: {axes: [1]}},
]
const reduceByInput: readonly OpCase[] = [
  {inputs: [f(2, 3, 4)]},
  {inputs: [f(2, 3, 4), ints(-1, 0)], attributes: {keepdims: 0}},
  {inputs: [f(2, 3, 4), ints(1)]},
  {inputs: [f(2, 3, 4)], attributes: {noop_with_empty_axes: 1}},
]
const byAttribute: readonly GradientCase[] = [
  {inputs: [moving(2, 3, 4)]},
  {inputs: [moving(2, 3, 4)], attributes: {axes: [-1, 0], keepdims: 0}},
  {inputs: [moving(2, 3, 4)], attributes: {axes: [1]}},
]
const byInput: readonly GradientCase[] = [
  {inputs: [moving(2, 3, 4)]},
  {inputs: [moving(2, 3, 4)], attributes: {keepdims: 0}},
  {inputs: [moving(2, 3, 4), ints(-1, 0)], attributes: {keepdims: 0}},
  {inputs: [moving(2, 3, 4), ints(1)]},
  {inputs: [moving(2, 3)], attributes: {noop_with_empty_axes: 1, keepdims: 0}},
]
const positive = (cases: readonly GradientCase[]): readonly GradientCase[] =>
  cases.map((one) => ({...one, inputs: [within(0.5, 2, 2, 3, 4), ...one.inputs.slice(1)]}))

describeOperators(file, {
  shapes: {
    'ReduceSum 1': reduceByAttribute,
    'ReduceSum 13': reduceByInput,
    'ReduceL1 1': reduceByAttribute,
    'ReduceL1 18': reduceByInput,
    'ReduceL2 1': reduceByAttribute,
    'ReduceL2 18': reduceByInput,
    'ReduceLogSum 1': reduceByAttribute,
    'ReduceLogSum 18': reduceByInput,
    'ReduceLogSumExp 1': reduceByAttribute,
    'ReduceLogSumExp 18': reduceByInput,
    'ReduceMax 1': reduceByAttribute,
    'ReduceMax 18': reduceByInput,
    'ReduceMean 1': reduceByAttribute,
    'ReduceMean 18': reduceByInput,
    'ReduceMin 1': reduceByAttribute,
    'ReduceMin 18': reduceByInput,
    'ReduceProd 1': reduceByAttribute,
    'ReduceProd 18': reduceByInput,
    'ReduceSumSquare 1': reduceByAttribute,
    'ReduceSumSquare 18': reduceByInput,
  },
  gradients: {
    'ReduceSum 13': byInput,
    'ReduceL1 1': byAttribute,
    'ReduceL1 18': byInput,
    'ReduceL2 1': byAttribute,
    'ReduceL2 18': byInput,
    'ReduceLogSum 1': positive(byAttribute),
    'ReduceLogSum 18': positive(byInput),
    'ReduceLogSumExp 1': byAttribute,
    'ReduceLogSumExp 18': byInput,
    'ReduceMax 1': byAttribute,
    'ReduceMax 18': byInput,
    'ReduceMean 1': byAttribute,
    'ReduceMean 18': byInput,
    'ReduceMin 1': byAttribute,
    'ReduceMin 18': byInput,
    'ReduceSumSquare 1': byAttribute,
    'ReduceSumSquare 18': byInput,
  },
})
