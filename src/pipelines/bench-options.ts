import type {Warmup} from '../bench/protocol.js'
import type {WantedKinds} from '../judge/wanted-kinds.js'
import type {BudgetOptions, DataOptions, RunOptions} from './options.js'

/** What `mopt bench` is asked for, as plain data. */
export interface BenchOptions extends DataOptions, BudgetOptions, Omit<RunOptions, 'provider' | 'threads'> {
  readonly providers: readonly string[]
  /** Rows per run; the baseline's fixed batch, or 1, when empty. */
  readonly batches: readonly number[]
  readonly threadCounts: readonly number[]
  /** Names of src/metrics or paths of modules; by the data when empty. */
  readonly metrics: readonly string[]
  readonly outputName?: string | undefined
  /** What outputs mean, by their names, where mopt would not know. */
  readonly outputKinds?: WantedKinds | undefined
  /** Exactly this many timed runs per row; undefined: at least 100 and at least `minTimeMs`. */
  readonly runs?: number | undefined
  readonly minTimeMs: number
  /** Per row. */
  readonly maxTimeMs: number
  readonly warmup?: Warmup | undefined
  /** Rows per run while judging; by the model when absent. */
  readonly evalBatch?: number | undefined
  /** The smallest difference that makes a verdict: 0.02 for 2 %. */
  readonly minEffect: number
  /** Adds the operators' share of the time to each row. */
  readonly profile: boolean
  /** Files to write: .md or .json. */
  readonly reports: readonly string[]
  /** The arguments after `mopt`, for the report. */
  readonly argv: readonly string[]
}
