import type {Budget} from '../../bench/budget.js'
import type {QuickMeasurement} from '../../bench/quick-timing.js'
import type {DataSpec} from '../../data/dataset.js'
import type {MoptError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import type {JudgedPair} from '../../judge/judge-pair.js'
import type {Fidelity} from '../../results.js'
import type {Tolerance} from '../../runtime/compare/difference.js'
import type {InputPlan} from '../../runtime/inputs/plan-inputs.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'

/** What a written model is held against: the file it was made of, or a teacher. */
export interface Reference {
  readonly path: string
  readonly sizeBytes: number
  /** The model file and its external data, none of which may be written over. */
  readonly files: readonly string[]
  /** Its samples, where other arrays feed it. */
  readonly samples?: DataSpec | undefined
  /** False when it has other inputs or outputs: there is nothing to compare then. */
  readonly isComparable?: boolean | undefined
}

/** What outputs are held against. */
export interface HeldAgainst {
  readonly path: string
  readonly against: Fidelity['against']
}

/** What is proved: the input file, the changed model in memory, and what to judge it on. */
export interface Work {
  readonly input: Reference
  readonly model: Model
  readonly outputPath: string
  /** What its outputs are held against, where that is not the input. */
  readonly heldAgainst?: HeldAgainst | undefined
  /** The one next thing to try when outputs lose more than they may. */
  readonly remedy: string
  /** Synthetic inputs, for want of samples. */
  readonly plan: readonly InputPlan[]
  /** Synthetic inputs of other sizes, for a model that does not run on the plan. */
  readonly fallbacks?: readonly (readonly InputPlan[])[] | undefined
  /** Samples to compare outputs on. */
  readonly samples: DataSpec | undefined
  /** Held-out samples for the metric. */
  readonly judge: DataSpec | undefined
  /** Of the file, what says how it was made. */
  readonly noteBytes?: number | undefined
  /** The metric of both, where it is not top1 or agreement on `judge`. */
  readonly judgeOutput?: JudgeOutput | undefined
  /** Limits, understood; undefined when there are none. */
  readonly budget: Budget | undefined
  /** Rows per run while judging. */
  readonly evalBatch: number
  /** Names of outputs that are not compared, such as random ones. */
  readonly leaveOut?: readonly string[] | undefined
  /** For changes that must not change any output. */
  readonly exact?: Exactness | undefined
  /** Timed already beside the input, in the very form that is written. */
  readonly measured?: QuickMeasurement | undefined
  /** Samples per run in which both are timed on data; 1 when absent. */
  readonly timedBatch?: number | undefined
}

/** Judges a written file, beside what is known of the input. */
export type JudgeOutput = (path: string) => Promise<JudgedPair>

/** What "the same outputs" means, and what to do when they are not. */
export interface Exactness {
  readonly tolerance: Tolerance
  /** Synthetic inputs of other sizes, to compare on as well. */
  readonly variants: readonly (readonly InputPlan[])[]
  /** Finds out what is to blame for what shows at a level of the runtime. The error is thrown, nothing having been written. */
  blame(what: string, optimization: NonNullable<SessionSettings['optimization']>): Promise<MoptError>
}
