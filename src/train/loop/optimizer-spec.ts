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
