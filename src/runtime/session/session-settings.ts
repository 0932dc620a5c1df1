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

/** What every function that runs a model accepts. */
export interface RunControl {
  /** Kills the child when aborted; the promise then rejects with the signal's InterruptedError. */
  readonly signal?: AbortSignal | undefined
  /** How long the child may stay silent before it counts as hanging; five minutes when absent. */
  readonly silenceLimitMs?: number | undefined
  /** For work that leaves large arrays behind: the child collects them sooner, 15 to 30 MB less for a little time. */
  readonly isFrugal?: boolean | undefined
  /** When aborted, the child is asked to end early and to give what it has, and killed only after this time. */
  readonly stopGraceMs?: number | undefined
}
