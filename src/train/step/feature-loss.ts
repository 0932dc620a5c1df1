import type {GraphBuilder} from '../../ir/build.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {uniform} from '../weights/random-weights.js'
import {knownShape} from './known-shape.js'
import {asFloat, meanAll} from './losses.js'

/** Keeps the scale of a feature that never changes away from 0. */
const TINY = 1e-6

/** A hidden value of the student beside one of the teacher, and the layer between them that is trained along. */
export interface FeatureLoss {
  /** A float32 scalar. */
  readonly loss: Value
  /** `[student's channels, teacher's channels]`, a constant to train; no part of the student. */
  readonly projection: Value
}

/**
 * How far the student's hidden values are from the teacher's, seen through a learned linear projection of the channels:
 * `mean((P · student − teacher)²) / var(teacher)`. Divided by the variance, it is 1 for a student that knows only the mean, so that one
 * weight fits any layer.
 *
 * Channels are axis 1 of `[N, C, H, W]` and the last axis of everything else. Where the other sizes differ, both are averaged over
 * them: what is compared is then `[N, C]`.
 *
 * @see Romero et al. 2015 (FitNets), arXiv:1412.6550.
 */
export function featureLoss(
  build: GraphBuilder,
  {student, teacher, seed}: {student: Value; teacher: Value; seed: number},
): FeatureLoss {
  const [own, other] = comparable(build, channelsLast(build, student), channelsLast(build, teacher))
  const sizes = [own, other].map((value) => knownShape(value).at(-1) as number)
  const [width = 1] = sizes
  const projection = build.floats(uniform(sizes, 1 / Math.sqrt(width), seed), sizes, 'feature_projection')
  const difference = build.op('Sub', [build.op('MatMul', [own, projection]), other])
  const error = meanAll(build, build.op('Mul', [difference, difference]))
  const deviation = build.op('Sub', [other, meanAll(build, other)])
  const variance = meanAll(build, build.op('Mul', [deviation, deviation]))
  return {loss: build.op('Div', [error, build.op('Add', [variance, build.scalar(TINY)])]), projection}
}

function channelsLast(build: GraphBuilder, value: Value): Value {
  const floats = asFloat(build, value)
  const rank = knownShape(value).length
  return rank === 4 ? build.op('Transpose', [floats], {perm: [0, 2, 3, 1]}) : floats
}

function comparable(build: GraphBuilder, own: Value, other: Value): readonly [Value, Value] {
  const places = [own, other].map((value) => knownShape(value).slice(0, -1).join())
  if (places[0] === places[1]) return [own, other]
  return [averaged(build, own), averaged(build, other)]
}

/** `[N, C]`: the mean over all axes between. */
function averaged(build: GraphBuilder, value: Value): Value {
  const shape = knownShape(value)
  const axes = shape.map((_, axis) => axis).slice(1, -1)
  if (axes.length === 0) return value
  // ReduceMean takes its axes in another way before opset 18
  const sum = build.op('ReduceSum', [value, build.ints(axes)], {keepdims: 0})
  return build.op('Mul', [sum, build.scalar(1 / elementCount(shape.slice(1, -1)))])
}
