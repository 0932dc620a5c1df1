import type {Feeds, PreprocessSpec} from '../data/dataset.js'
import type {WantedKinds} from '../judge/wanted-kinds.js'

/** What the flags of every verb mean, as plain data. */

export interface OutputOptions {
  /** A file, or a folder when it ends with `/` or exists as one. */
  readonly output?: string | undefined
  readonly force: boolean
  readonly externalData: 'auto' | 'always' | 'never'
  /** The run in ONNX Runtime after writing. */
  readonly verify: boolean
  /** The short timing after writing. */
  readonly time: boolean
  /** input name → its shape where the model is run to prove and time it. */
  readonly checkShapes?: Readonly<Record<string, readonly number[]>> | undefined
}

export interface DataOptions {
  readonly data?: string | undefined
  readonly eval?: string | undefined
  readonly labels?: string | undefined
  readonly evalLabels?: string | undefined
  readonly limit?: number | undefined
  readonly offset: number
  /** undefined: class folders are shuffled, everything else is not */
  readonly shuffle?: boolean | undefined
  readonly evalLimit?: number | undefined
  readonly evalOffset: number
  readonly map: Readonly<Record<string, string>>
  /** What --resize, --channels, --layout, --scale, --mean and --std say. */
  readonly preprocess: PreprocessSpec
  /** A preprocessor_config.json. */
  readonly preprocessFile?: string | undefined
  /** The array or column of labels. */
  readonly labelColumn?: string | undefined
  readonly batch?: number | undefined
}

/** How results are judged. */
export interface JudgeOptions {
  /** What outputs mean, by their names, where mopt would not know. */
  readonly outputKinds?: WantedKinds | undefined
  /** A name of METRICS or the path of a module; by the data when absent. */
  readonly metric?: string | undefined
  /** The output that labels are for; the first when absent. */
  readonly outputName?: string | undefined
}

export interface RunOptions {
  readonly provider: string
  readonly threads: number
  readonly seed: number
  /** input name → shape */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>
  /** free dimension name → size */
  readonly dims: Readonly<Record<string, number>>
  /** input name → its value as typed */
  readonly feed?: Readonly<Record<string, string>> | undefined
}

/** Options whose `feed` has been read: `readFeeds` in src/data. */
export interface Fed {
  readonly feeds?: Feeds | undefined
}

export interface BudgetOptions {
  /** As typed: `1%`, `0.01`. */
  readonly maxDrop?: string | undefined
  /** As typed: `30%`, `4MB`, `4MiB`. */
  readonly maxSize?: string | undefined
  readonly minSpeedup?: number | undefined
  /** As typed: `5ms`, `p95=5ms`. */
  readonly maxLatency?: string | undefined
  /** As typed: `98%`, `0.98`. */
  readonly minAgreement?: string | undefined
  /** As typed: `20dB`. */
  readonly minSqnr?: string | undefined
  /** A YAML file of limits; what flags say wins over it. */
  readonly file?: string | undefined
  /** The point must pass, not only the better end of the interval. */
  readonly strict: boolean
}
