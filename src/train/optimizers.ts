/** How weights follow their gradients. Plain data: it crosses the process border and goes into checkpoints. */
export type OptimizerSpec =
  | {
      readonly kind: 'sgd'
      readonly momentum?: number | undefined
      readonly nesterov?: boolean | undefined
      /** L2 penalty, added to the gradient. */
      readonly weightDecay?: number | undefined
    }
  | {
      /** In `adam` the decay is an L2 penalty in the gradient; in `adamw` it shrinks the weight itself. */
      readonly kind: 'adam' | 'adamw'
      readonly betas?: readonly [number, number] | undefined
      readonly epsilon?: number | undefined
      readonly weightDecay?: number | undefined
    }

/** One trained tensor, all arrays of one length. */
export interface Trained {
  /** Modified in place. */
  readonly weight: Float32Array
  readonly gradient: Float32Array
  /** Whether weight decay applies: usually not to biases and scales. */
  readonly decays: boolean
}

/** Moments are the optimizer's memory: `moments[parameter][slot]`, each as long as the weight, zeros before the first step. */
export interface Optimizer {
  readonly moments: readonly (readonly Float32Array[])[]
  /**
   * One update of all weights and moments, in place.
   *
   * @param step counted from 1.
   */
  update(trained: readonly Trained[], learningRate: number, step: number): void
}

const BETAS = [0.9, 0.999] as const
const EPSILON = 1e-8
/** PyTorch's default for AdamW; the others have none. */
const ADAMW_DECAY = 0.01

/**
 * An optimizer with PyTorch's meaning of every number. The loops are small, take plain arrays and compute in float64 between two
 * float32 stores: measured twice as fast as optimizer operators in the graph.
 *
 * @param lengths elements of each trained tensor, in the order `update` gets them.
 * @see Kingma and Ba 2015, arXiv:1412.6980; Loshchilov and Hutter 2019, arXiv:1711.05101.
 */
export function createOptimizer(spec: OptimizerSpec, lengths: readonly number[]): Optimizer {
  return spec.kind === 'sgd' ? sgd(spec, lengths) : adam(spec, lengths)
}

function sgd(spec: OptimizerSpec & {kind: 'sgd'}, lengths: readonly number[]): Optimizer {
  const {momentum = 0, nesterov = false, weightDecay = 0} = spec
  const moments = lengths.map((length) => (momentum === 0 ? [] : [new Float32Array(length)]))
  return {
    moments,
    update(trained, learningRate) {
      trained.forEach(({weight, gradient, decays}, index) => {
        const decay = decays ? weightDecay : 0
        const velocity = moments[index]?.[0]
        if (!velocity) descend(weight, gradient, learningRate, decay)
        else descendWithMomentum(weight, gradient, velocity, {learningRate, decay, momentum, nesterov})
      })
    },
  }
}

function descend(weight: Float32Array, gradient: Float32Array, learningRate: number, decay: number): void {
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i] as number
    weight[i] = w - learningRate * ((gradient[i] as number) + decay * w)
  }
}

interface MomentumNumbers {
  readonly learningRate: number
  readonly decay: number
  readonly momentum: number
  readonly nesterov: boolean
}

function descendWithMomentum(
  weight: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  {learningRate, decay, momentum, nesterov}: MomentumNumbers,
): void {
  // w −= lr · v, or lr · (g + momentum · v) in Nesterov's form: one expression, no branch in the loop
  const [fromGradient, fromVelocity] = nesterov ? [1, momentum] : [0, 1]
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i] as number
    const g = (gradient[i] as number) + decay * w
    const v = momentum * (velocity[i] as number) + g
    velocity[i] = v
    weight[i] = w - learningRate * (fromGradient * g + fromVelocity * v)
  }
}

function adam(spec: OptimizerSpec & {kind: 'adam' | 'adamw'}, lengths: readonly number[]): Optimizer {
  const {kind, betas: [beta1, beta2] = BETAS, epsilon = EPSILON} = spec
  const weightDecay = spec.weightDecay ?? (kind === 'adamw' ? ADAMW_DECAY : 0)
  const moments = lengths.map((length) => [new Float32Array(length), new Float32Array(length)])
  return {
    moments,
    update(trained, learningRate, step) {
      const rate = learningRate / (1 - beta1 ** step)
      const secondScale = 1 / Math.sqrt(1 - beta2 ** step)
      trained.forEach(({weight, gradient, decays}, index) => {
        const decay = decays ? weightDecay : 0
        const penalty = kind === 'adam' ? decay : 0
        const keep = kind === 'adamw' ? 1 - learningRate * decay : 1
        const numbers = {rate, secondScale, beta1, beta2, epsilon, penalty, keep}
        const [first, second] = moments[index] as [Float32Array, Float32Array]
        adapt(weight, gradient, first, second, numbers)
      })
    },
  }
}

interface AdamNumbers {
  readonly rate: number
  readonly secondScale: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly penalty: number
  readonly keep: number
}

function adapt(
  weight: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  {rate, secondScale, beta1, beta2, epsilon, penalty, keep}: AdamNumbers,
): void {
  const [share1, share2] = [1 - beta1, 1 - beta2]
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i] as number
    const g = (gradient[i] as number) + penalty * w
    const m = beta1 * (first[i] as number) + share1 * g
    const v = beta2 * (second[i] as number) + share2 * g * g
    first[i] = m
    second[i] = v
    weight[i] = keep * w - (rate * m) / (Math.sqrt(v) * secondScale + epsilon)
  }
}
