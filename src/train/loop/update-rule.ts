import type {OptimizerSpec} from './optimizer-spec.js'

/** Arithmetic that a rule is written in: on lanes of numbers in machine code, or on values of a graph. */
export interface Arithmetic<T> {
  add(a: T, b: T): T
  subtract(a: T, b: T): T
  multiply(a: T, b: T): T
  divide(a: T, b: T): T
  squareRoot(a: T): T
}

/** One trained tensor and the optimizer's memory of it, elements side by side. */
export interface TrainedArrays<T> {
  readonly weight: T
  readonly gradient: T
  readonly moments: readonly T[]
}

/** Where a weight goes: elementwise, so that every element follows its own gradient. */
export interface UpdateRule<Name extends string = string> {
  /** Moments per weight. */
  readonly slots: number
  /** Numbers of one update, the same for all elements of a tensor. */
  numbersAt(update: UpdateMoment): Record<Name, number>
  next<T>(
    arithmetic: Arithmetic<T>,
    arrays: TrainedArrays<T>,
    numbers: Record<Name, T>,
  ): Pick<TrainedArrays<T>, 'weight' | 'moments'>
}

export interface UpdateMoment {
  readonly learningRate: number
  /** Counted from 1. */
  readonly step: number
  /** What gradients are multiplied by: clipping, and the mean over the batches of one update. */
  readonly gradientScale: number
  /** Whether weight decay applies to the tensor. */
  readonly decays: boolean
}

const BETAS = [0.9, 0.999] as const
const EPSILON = 1e-8
/** PyTorch's default for AdamW; the others have none. */
const ADAMW_DECAY = 0.01

/**
 * An optimizer's rule, with PyTorch's meaning of every number.
 *
 * @see Kingma and Ba 2015, arXiv:1412.6980; Loshchilov and Hutter 2019, arXiv:1711.05101.
 */
export function updateRule(spec: OptimizerSpec): UpdateRule {
  if (spec.kind === 'sgd') return spec.momentum ? momentumRule(spec) : sgdRule(spec)
  return adamRule(spec)
}

type Sgd = OptimizerSpec & {readonly kind: 'sgd'}

type SgdNumber = 'rate' | 'scale' | 'penalty'

function sgdNumbers(
  {learningRate, gradientScale, decays}: UpdateMoment,
  weightDecay: number,
): Record<SgdNumber, number> {
  return {rate: learningRate, scale: gradientScale, penalty: decays ? weightDecay : 0}
}

function sgdRule({weightDecay = 0}: Sgd): UpdateRule<SgdNumber> {
  return {
    slots: 0,
    numbersAt: (update) => sgdNumbers(update, weightDecay),
    next({add, subtract, multiply}, {weight, gradient}, {rate, scale, penalty}) {
      const slope = add(multiply(scale, gradient), multiply(penalty, weight))
      return {weight: subtract(weight, multiply(rate, slope)), moments: []}
    },
  }
}

function momentumRule({momentum = 0, nesterov = false, weightDecay = 0}: Sgd): UpdateRule<SgdNumber | 'keep'> {
  return {
    slots: 1,
    numbersAt: (update) => ({...sgdNumbers(update, weightDecay), keep: momentum}),
    next<T>(
      {add, subtract, multiply}: Arithmetic<T>,
      {weight, gradient, moments}: TrainedArrays<T>,
      {rate, scale, penalty, keep}: Record<SgdNumber | 'keep', T>,
    ) {
      const slope = add(multiply(scale, gradient), multiply(penalty, weight))
      const velocity = add(multiply(keep, moments[0] as T), slope)
      const way = nesterov ? add(slope, multiply(keep, velocity)) : velocity
      return {weight: subtract(weight, multiply(rate, way)), moments: [velocity]}
    },
  }
}

type AdamNumber = SgdNumber | 'keep' | 'beta1' | 'share1' | 'beta2' | 'share2' | 'secondScale' | 'epsilon'

function adamRule(spec: Exclude<OptimizerSpec, Sgd>): UpdateRule<AdamNumber> {
  const {kind, betas: [beta1, beta2] = BETAS, epsilon = EPSILON} = spec
  const weightDecay = spec.weightDecay ?? (kind === 'adamw' ? ADAMW_DECAY : 0)
  return {
    slots: 2,
    numbersAt({learningRate, step, gradientScale, decays}) {
      const decay = decays ? weightDecay : 0
      return {
        rate: learningRate / (1 - beta1 ** step),
        scale: gradientScale,
        keep: kind === 'adamw' ? 1 - learningRate * decay : 1,
        penalty: kind === 'adam' ? decay : 0,
        beta1,
        share1: 1 - beta1,
        beta2,
        share2: 1 - beta2,
        secondScale: 1 / Math.sqrt(1 - beta2 ** step),
        epsilon,
      }
    },
    next<T>(
      {add, subtract, multiply, divide, squareRoot}: Arithmetic<T>,
      {weight, gradient, moments}: TrainedArrays<T>,
      {rate, scale, keep, penalty, beta1, share1, beta2, share2, secondScale, epsilon}: Record<AdamNumber, T>,
    ) {
      const [oldFirst, oldSecond] = moments as [T, T]
      const slope = add(multiply(scale, gradient), multiply(penalty, weight))
      const first = add(multiply(beta1, oldFirst), multiply(share1, slope))
      const second = add(multiply(beta2, oldSecond), multiply(share2, multiply(slope, slope)))
      const length = add(multiply(squareRoot(second), secondScale), epsilon)
      const way = divide(multiply(rate, first), length)
      return {weight: subtract(multiply(keep, weight), way), moments: [first, second]}
    },
  }
}
