import type {DataSpec} from '../../data/dataset.js'
import type {InputPlan} from '../inputs/plan-inputs.js'

/** How a model is loaded. Plain data: it crosses the process border. */
export interface SessionSettings {
  /** One provider, as ONNX Runtime spells it: `cpu`, `webgpu`, `cuda`. */
  readonly provider: string
  /** Threads inside an operator. Operators run one after another. */
  readonly threads: number
  /** free dimension name → size; decides the shapes that are fed */
  readonly dims?: Readonly<Record<string, number>> | undefined
  /** Graph optimizations of the runtime; `all` when absent. */
  readonly optimization?: 'all' | 'layout' | 'extended' | 'basic' | 'disabled' | undefined
  /** Further session options of the runtime, such as `session.disable_quant_qdq`. Unknown keys are silently ignored by it. */
  readonly extra?: Readonly<Record<string, string>> | undefined
}

/** What a model is fed: samples of a data set, or values made from a plan and a seed. */
export type InputSource =
  | {readonly kind: 'data'; readonly spec: DataSpec; readonly limit?: number | undefined}
  | {
      readonly kind: 'synthetic'
      readonly plan: readonly InputPlan[]
      readonly seed: number
      /** Draws that stand for a data set; 4 when absent. */
      readonly draws?: number | undefined
    }
