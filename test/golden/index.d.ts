/**
 * mopt as a library: the verbs of the command line as functions. They print nothing and end no process; what cannot be done is thrown as a
 * `MoptError`. Code is loaded when a verb is called, ONNX Runtime when a model runs.
 */

/** What goes with a call, beside its options. */
export interface Control {
  /** Ends the work; the promise then rejects with a `MoptError` of code `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined
  /** Called as work goes on; `total` is 0 when it is not known. */
  readonly onProgress?: ((label: string, done: number, total: number, details?: string) => void) | undefined
}

/** A deliberate error: bad input, something unsupported, a machine that fails, an interruption. */
export declare abstract class MoptError extends Error {
  /** Stable identifier, such as `BAD_FILE`. */
  abstract readonly code: string
  /** What the command line would end with. */
  abstract readonly exitCode: 0 | 2 | 3 | 4 | 5 | 70 | 130 | 143
  /** The next step, one sentence. */
  readonly hint: string | undefined
}

/** What a model is made of: shapes, operators, parameters, MACs. Runs nothing. */
export declare function inspect(path: string, options?: InspectOptions, control?: Control): Promise<InspectResult>

/** Makes the graph of a model smaller: the same outputs from fewer nodes. */
export declare function simplify(path: string, options?: SimplifyOptions, control?: Control): Promise<SimplifyResult>

/** Says what `quantize` would make of each node, and why. Writes nothing. */
export declare function planQuantization(
  path: string,
  options?: QuantizeOptions,
  control?: Control,
): Promise<QuantizePlanResult>

/** Ranks the layers of a model by what quantizing each alone does to its answers. Writes nothing. */
export declare function rankLayers(
  path: string,
  options?: QuantizeOptions,
  control?: Control,
): Promise<QuantizeSensitivityResult>

/** Makes the numbers of a model int8, 4-bit or float16. */
export declare function quantize(path: string, options?: QuantizeOptions, control?: Control): Promise<QuantizeResult>

/** Sets the least important weights of a model to zero, with or without training. */
export declare function prune(path: string, options?: PruneOptions, control?: Control): Promise<PruneResult>

/** Trains a smaller model, `options.distill.student`, to answer like the teacher at `path`. */
export declare function distill(path: string, options: DistillOptions, control?: Control): Promise<DistillResult>

/** Trains a model on, to win back what was lost. */
export declare function finetune(path: string, options?: FinetuneOptions, control?: Control): Promise<FinetuneResult>

/** Latency, memory, size and accuracy of models; the first is the baseline. */
export declare function bench(paths: readonly string[], options?: BenchOptions, control?: Control): Promise<BenchResult>

/** Opens a model to look at its graph and to read its weights. */
export declare function openModel(path: string): Promise<ModelView>

/** A tensor that goes into a graph or comes out of it. */
export interface PortView {
  readonly name: string
  /** ONNX's name in lower case, such as `float32`; undefined when it is no tensor, or not known. */
  readonly dtype: string | undefined
  /** Sizes; names and expressions where they are free; undefined when not even their number is known. */
  readonly shape: readonly (number | string | undefined)[] | undefined
}

export interface NodeView {
  readonly name: string
  readonly op: string
  /** '' for the standard domain. */
  readonly domain: string
  /** Names of values; '' for an optional one that is absent. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Contents of a tensor, row-major. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | readonly string[]

/** A weight, or another constant. */
export interface ConstantView {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly elements: number
  /** Reads its contents from the file: float16 and bfloat16 as bits, 4-bit types packed two in a byte. */
  read(): TensorData
}

/** A model that is open to be looked at: its main graph, in topological order, with shapes as far as they can be inferred. */
export interface ModelView {
  readonly path: string
  /** External data counted. */
  readonly sizeBytes: number
  /** Version per domain; the standard domain is ''. */
  readonly opsets: {readonly [domain: string]: number}
  readonly metadata: {readonly [key: string]: string}
  readonly inputs: readonly PortView[]
  readonly outputs: readonly PortView[]
  readonly nodes: readonly NodeView[]
  readonly constants: readonly ConstantView[]
  /** Lets go of the files. Weights can be read until then. */
  close(): void
}

export interface BenchOptions {
  readonly bench?: {
    /** exactly N timed runs; else at least 100 and --min-time */
    readonly runs?: number | undefined
    /** measure each model at least this long; default: 1000 */
    readonly minTimeMs?: number | undefined
    /** measure each model at most this long; default: 60000 */
    readonly maxTimeMs?: number | undefined
    /** runs or time before the timing, in each process [default: 80ms] */
    readonly warmup?: {
      readonly ms: number
    } | {
      readonly runs: number
    } | undefined
    /** smallest difference that makes a verdict; default: 0.02 */
    readonly minEffect?: number | undefined
  } | undefined
  readonly output?: {
    /** also list which operators take the time; default: false */
    readonly profile?: boolean | undefined
    /** write a report: .md or .json (repeatable) */
    readonly reports?: readonly string[] | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement ./my-metric.mjs */
    readonly metrics?: readonly string[] | undefined
    /** the output to judge; the first */
    readonly outputName?: string | undefined
    /** samples per run while judging; 64, or 1 for dynamic int8 */
    readonly evalBatch?: number | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: ["cpu"] */
    readonly providers?: readonly string[] | undefined
    /** threads of ONNX Runtime; default: [1] */
    readonly threadCounts?: readonly number[] | undefined
    /** samples per run; 1, or what the first model's input is fixed at */
    readonly batches?: readonly number[] | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
}

export interface DistillOptions {
  readonly distill: {
    /** the model that learns */
    readonly student: string
  }
  readonly output?: {
    /** file or FOLDER/ to write; else beside the input */
    readonly path?: string | undefined
    /** replace an existing output; default: false */
    readonly force?: boolean | undefined
    /** weights in <output>.data beside the model; auto: when the file would pass 2 GiB; default: "auto" */
    readonly externalData?: 'auto' | 'always' | 'never' | undefined
    /** run the written model in ONNX Runtime beside the input; default: true */
    readonly verify?: boolean | undefined
    /** time the written model against the input; default: true */
    readonly time?: boolean | undefined
    /** shape of an input where the model is run and timed; the file stays free (repeatable) */
    readonly checkShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** write a report: .md with a picture of loss and metric beside it, .svg or .json (repeatable) */
    readonly reports?: readonly string[] | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** what chooses the best epoch: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement */
    readonly metric?: string | undefined
    /** the output that is trained and judged; the first */
    readonly outputName?: string | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: "cpu" */
    readonly provider?: string | undefined
    /** threads of ONNX Runtime */
    readonly threads?: number | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
  readonly training?: {
    /** times that all samples are seen */
    readonly epochs?: number | undefined
    /** samples per update */
    readonly batch?: number | undefined
    /** how weights follow their gradients; sgd with momentum 0.9; default: "adamw" */
    readonly optimizer?: 'sgd' | 'adam' | 'adamw' | undefined
    /** weights shrink by X times the learning rate in every update; with sgd and adam an L2 penalty [default: 0.01 with adamw, else 0] */
    readonly weightDecay?: number | undefined
    /** highest learning rate; auto: chosen by short trainings on the data, a tenth of the updates; default: "auto" */
    readonly learningRate?: "auto" | number | undefined
    /** how the learning rate falls to 0; default: "cosine" */
    readonly schedule?: 'constant' | 'cosine' | 'linear' | undefined
    /** start from new weights; default: false */
    readonly reinitialize?: boolean | undefined
    /** change training images anew in every epoch; a teacher then runs in every step */
    readonly augment?: readonly ('flip' | 'shift' | 'crop')[] | undefined
    /** statistics that BatchNormalization takes; running for batches under 16, else batch */
    readonly batchNorm?: 'running' | 'batch' | undefined
    /** leave weights alone whose name, or whose node, matches (repeatable) */
    readonly freeze?: readonly string[] | undefined
    /** end after N epochs without a better metric */
    readonly patience?: number | undefined
    /** keep the state of the training here after every epoch; else only on Ctrl-C, beside the output */
    readonly checkpoint?: string | undefined
    /** go on from the checkpoint, where there is one; default: false */
    readonly resume?: boolean | undefined
    /** softens the teacher's class scores [default: 1 to 4, the more the surer the teacher is] */
    readonly temperature?: number | undefined
    /** the teacher's share of the loss, the labels have the rest [default: 0.5 of two classes, 0.9 of ten or more; 1 without labels] */
    readonly alpha?: number | undefined
    /** a hidden value of the teacher and the one of the student that learns it (repeatable) */
    readonly features?: readonly string[] | undefined
    /** weight of each --feature beside the rest */
    readonly featureWeight?: number | undefined
    /** what is compared; auto goes by the last activation, the shape and the labels; default: "auto" */
    readonly loss?: 'auto' | 'cross-entropy' | 'binary' | 'mse' | 'cosine' | undefined
  } | undefined
}

export interface FinetuneOptions {
  readonly finetune?: {
    /** a model to learn from, beside labels or in their place */
    readonly teacher?: string | undefined
  } | undefined
  readonly output?: {
    /** file or FOLDER/ to write; else beside the input */
    readonly path?: string | undefined
    /** replace an existing output; default: false */
    readonly force?: boolean | undefined
    /** weights in <output>.data beside the model; auto: when the file would pass 2 GiB; default: "auto" */
    readonly externalData?: 'auto' | 'always' | 'never' | undefined
    /** run the written model in ONNX Runtime beside the input; default: true */
    readonly verify?: boolean | undefined
    /** time the written model against the input; default: true */
    readonly time?: boolean | undefined
    /** shape of an input where the model is run and timed; the file stays free (repeatable) */
    readonly checkShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** write a report: .md with a picture of loss and metric beside it, .svg or .json (repeatable) */
    readonly reports?: readonly string[] | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** what chooses the best epoch: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement */
    readonly metric?: string | undefined
    /** the output that is trained and judged; the first */
    readonly outputName?: string | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: "cpu" */
    readonly provider?: string | undefined
    /** threads of ONNX Runtime */
    readonly threads?: number | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
  readonly training?: {
    /** times that all samples are seen */
    readonly epochs?: number | undefined
    /** samples per update */
    readonly batch?: number | undefined
    /** how weights follow their gradients; sgd with momentum 0.9; default: "adamw" */
    readonly optimizer?: 'sgd' | 'adam' | 'adamw' | undefined
    /** weights shrink by X times the learning rate in every update; with sgd and adam an L2 penalty [default: 0.01 with adamw, else 0] */
    readonly weightDecay?: number | undefined
    /** highest learning rate; auto: chosen by short trainings on the data, a tenth of the updates; default: "auto" */
    readonly learningRate?: "auto" | number | undefined
    /** how the learning rate falls to 0; default: "cosine" */
    readonly schedule?: 'constant' | 'cosine' | 'linear' | undefined
    /** start from new weights; default: false */
    readonly reinitialize?: boolean | undefined
    /** change training images anew in every epoch; a teacher then runs in every step */
    readonly augment?: readonly ('flip' | 'shift' | 'crop')[] | undefined
    /** statistics that BatchNormalization takes; running for batches under 16, else batch */
    readonly batchNorm?: 'running' | 'batch' | undefined
    /** leave weights alone whose name, or whose node, matches (repeatable) */
    readonly freeze?: readonly string[] | undefined
    /** end after N epochs without a better metric */
    readonly patience?: number | undefined
    /** keep the state of the training here after every epoch; else only on Ctrl-C, beside the output */
    readonly checkpoint?: string | undefined
    /** go on from the checkpoint, where there is one; default: false */
    readonly resume?: boolean | undefined
    /** softens the teacher's class scores [default: 1 to 4, the more the surer the teacher is] */
    readonly temperature?: number | undefined
    /** the teacher's share of the loss, the labels have the rest [default: 0.5 of two classes, 0.9 of ten or more; 1 without labels] */
    readonly alpha?: number | undefined
    /** a hidden value of the teacher and the one of the student that learns it (repeatable) */
    readonly features?: readonly string[] | undefined
    /** weight of each --feature beside the rest */
    readonly featureWeight?: number | undefined
    /** what is compared; auto goes by the last activation, the shape and the labels; default: "auto" */
    readonly loss?: 'auto' | 'cross-entropy' | 'binary' | 'mse' | 'cosine' | undefined
  } | undefined
}

export interface InspectOptions {
  readonly inspect?: {
    /** one line per layer: shape, parameters, MACs, zeros; default: false */
    readonly layers?: boolean | undefined
    /** digest, compressed size and zeros also above 256 MB; default: false */
    readonly full?: boolean | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
  } | undefined
}

export interface PruneOptions {
  readonly prune?: {
    /** share of the weights that become zero, or of the channels or heads that go; default: 0.3 */
    readonly sparsity?: number | undefined
    /** what goes. none: single weights become zero; channel, head: whole channels and units, or heads of attention, are removed; default: "none" */
    readonly structure?: 'none' | 'channel' | 'head' | undefined
    /** with channel or head, in place of --sparsity: what is to be left, macs=0.5 or size=0.5 of the input */
    readonly target?: string | undefined
    /** with channel, widths stay multiples of this, itself a multiple of 4: others are slower, not faster */
    readonly roundTo?: number | undefined
    /** the share of the whole model, from where it costs least, or the same share of every layer; default: "global" */
    readonly scope?: 'global' | 'layer' | undefined
    /** what is least important. magnitude: small weights; wanda, with channel or head: by what the samples of --data make of them [default: wanda where it can be] */
    readonly criterion?: 'magnitude' | 'wanda' | undefined
    /** with channel or head and --data: fit what is left to what the whole model computes, without labels or training; default: "auto" */
    readonly repair?: 'auto' | 'none' | 'least-squares' | undefined
    /** leave nodes alone whose name or output matches (repeatable) */
    readonly exclude?: readonly string[] | undefined
    /** prune nodes that match although a rule leaves them dense: layers whose state is fed back, widths that are normalized (repeatable) */
    readonly include?: readonly string[] | undefined
  } | undefined
  readonly training?: {
    /** times that all samples are seen; 0: no training */
    readonly epochs?: number | undefined
    /** samples per update */
    readonly batch?: number | undefined
    /** how weights follow their gradients; sgd with momentum 0.9; default: "adamw" */
    readonly optimizer?: 'sgd' | 'adam' | 'adamw' | undefined
    /** weights shrink by X times the learning rate in every update; with sgd and adam an L2 penalty [default: 0.01 with adamw, else 0] */
    readonly weightDecay?: number | undefined
    /** highest learning rate; auto: chosen by short trainings on the data, a tenth of the updates; default: "auto" */
    readonly learningRate?: "auto" | number | undefined
    /** change training images anew in every epoch; a teacher then runs in every step */
    readonly augment?: readonly ('flip' | 'shift' | 'crop')[] | undefined
    /** statistics that BatchNormalization takes; running for batches under 16, else batch */
    readonly batchNorm?: 'running' | 'batch' | undefined
    /** leave weights alone whose name, or whose node, matches (repeatable) */
    readonly freeze?: readonly string[] | undefined
    /** end after N epochs without a better metric */
    readonly patience?: number | undefined
    /** keep the state of the training here after every epoch; else only on Ctrl-C, beside the output */
    readonly checkpoint?: string | undefined
    /** go on from the checkpoint, where there is one; default: false */
    readonly resume?: boolean | undefined
    /** softens the teacher's class scores [default: 1 to 4, the more the surer the teacher is] */
    readonly temperature?: number | undefined
    /** the teacher's share of the loss, the labels have the rest [default: 0.5 of two classes, 0.9 of ten or more; 1 without labels] */
    readonly alpha?: number | undefined
    /** a hidden value of the teacher and the one of the student that learns it (repeatable) */
    readonly features?: readonly string[] | undefined
    /** weight of each --feature beside the rest */
    readonly featureWeight?: number | undefined
    /** what is compared; auto goes by the last activation, the shape and the labels; default: "auto" */
    readonly loss?: 'auto' | 'cross-entropy' | 'binary' | 'mse' | 'cosine' | undefined
    /** when weights go: all at once, or more and more of them while the others learn [default: cubic with --epochs] */
    readonly pace?: 'oneshot' | 'cubic' | undefined
    /** a model to learn from, beside labels or in their place; the dense one where there are no labels */
    readonly teacher?: string | undefined
  } | undefined
  readonly output?: {
    /** file or FOLDER/ to write; else beside the input */
    readonly path?: string | undefined
    /** replace an existing output; default: false */
    readonly force?: boolean | undefined
    /** weights in <output>.data beside the model; auto: when the file would pass 2 GiB; default: "auto" */
    readonly externalData?: 'auto' | 'always' | 'never' | undefined
    /** run the written model in ONNX Runtime beside the input; default: true */
    readonly verify?: boolean | undefined
    /** time the written model against the input; default: true */
    readonly time?: boolean | undefined
    /** shape of an input where the model is run and timed; the file stays free (repeatable) */
    readonly checkShapes?: {readonly [name: string]: readonly number[]} | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** what chooses the best epoch: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement */
    readonly metric?: string | undefined
    /** the output that is trained and judged; the first */
    readonly outputName?: string | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: "cpu" */
    readonly provider?: string | undefined
    /** threads of ONNX Runtime */
    readonly threads?: number | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
}

export interface QuantizeOptions {
  readonly quantize?: {
    /** auto chooses per operator; static needs --data; weights stores integers and computes in float; default: "auto" */
    readonly mode?: 'auto' | 'dynamic' | 'static' | 'weights' | 'float16' | undefined
    /** type of the weights; 4 bits imply --mode weights; with --mode float16 all else computes in float16 (q4f16); default: "int8" */
    readonly weights?: 'int8' | 'uint8' | 'int4' | 'uint4' | undefined
    /** bits per weight on average: some layers in 4, others in 8; 4.5 for instance */
    readonly bits?: number | undefined
    /** type of static activations; int8 is for GPUs, slower on CPUs; default: "uint8" */
    readonly activations?: 'uint8' | 'int8' | undefined
    /** how integers are written; ort: the runtime's MatMulNBits, in blocks; default: "qdq" */
    readonly format?: 'qdq' | 'qoperator' | 'ort' | undefined
    /** weights that share 32 bits of scale, in 4-bit types: two float16 scales, or the runtime's one */
    readonly blockSize?: number | undefined
    /** how 4-bit weights are rounded; auto: gptq by the inputs in --data, where these are enough, else scale: the range that loses least; default: "auto" */
    readonly rounding?: 'auto' | 'nearest' | 'scale' | 'gptq' | 'awq' | undefined
    /** one scale per output channel; default: true */
    readonly perChannel?: boolean | undefined
    /** how activation ranges are taken from --data; auto: minmax, mse or percentile, the first that keeps the answers; default: "auto" */
    readonly calibration?: 'auto' | 'minmax' | 'percentile' | 'entropy' | 'mse' | undefined
    /** share of values inside the range, in percent; default: 99.99 */
    readonly percentile?: number | undefined
    /** leave nodes alone whose name or output matches (repeatable) */
    readonly exclude?: readonly string[] | undefined
    /** leave operators of a type alone (repeatable) */
    readonly excludeOps?: readonly string[] | undefined
    /** type for the nodes that match (repeatable) */
    readonly overrides?: readonly {
      readonly pattern: string
      readonly to: 'float' | 'float16' | 'int8' | 'uint8' | 'stored-int8'
    }[] | undefined
    /** how the file is called; transformers.js: onnx/model_q4.onnx and so on, as that library looks for it; default: "mopt" */
    readonly naming?: 'mopt' | 'transformers.js' | undefined
    /** float16: inputs and outputs stay float32; default: false */
    readonly keepIo?: boolean | undefined
    /** processor to quantize for: without a dot-product instruction weights keep half their range; default: "host" */
    readonly cpu?: 'host' | 'avx2' | 'vnni' | 'arm64' | 'any' | undefined
    /** with --data, move layers to safer forms until the answers of the float model are kept; default: true */
    readonly guard?: boolean | undefined
    /** do what a plan says, as --plan wrote it and you edited it */
    readonly usePlan?: string | undefined
    /** samples per run that the file is made for and timed with */
    readonly forBatch?: number | undefined
    /** time the alternatives that rules can't settle, keep the fastest (up to some minutes); default: false */
    readonly tune?: boolean | undefined
  } | undefined
  readonly output?: {
    /** file or FOLDER/ to write; else beside the input */
    readonly path?: string | undefined
    /** replace an existing output; default: false */
    readonly force?: boolean | undefined
    /** weights in <output>.data beside the model; auto: when the file would pass 2 GiB; default: "auto" */
    readonly externalData?: 'auto' | 'always' | 'never' | undefined
    /** run the written model in ONNX Runtime beside the input; default: true */
    readonly verify?: boolean | undefined
    /** time the written model against the input; default: true */
    readonly time?: boolean | undefined
    /** shape of an input where the model is run and timed; the file stays free (repeatable) */
    readonly checkShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** write a report: .md or .json; with --sensitivity .md with a picture beside it, .svg or .json (repeatable) */
    readonly reports?: readonly string[] | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** samples per run */
    readonly batch?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** on --eval: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement ./my-metric.mjs */
    readonly metric?: string | undefined
    /** output that labels are for; else the first */
    readonly outputName?: string | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: "cpu" */
    readonly provider?: string | undefined
    /** threads of ONNX Runtime */
    readonly threads?: number | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
}

export interface SimplifyOptions {
  readonly simplify?: {
    /** raise the model to this opset first */
    readonly opset?: number | undefined
    /** say what would change, write nothing; default: false */
    readonly dryRun?: boolean | undefined
    /** fuse into operators that only ONNX Runtime has; default: false */
    readonly fuseOrt?: boolean | undefined
    /** leave a rule out (repeatable) */
    readonly skip?: readonly string[] | undefined
    /** inputs with a default stay inputs; default: false */
    readonly keepInitializerInputs?: boolean | undefined
  } | undefined
  readonly output?: {
    /** file or FOLDER/ to write; else beside the input */
    readonly path?: string | undefined
    /** replace an existing output; default: false */
    readonly force?: boolean | undefined
    /** weights in <output>.data beside the model; auto: when the file would pass 2 GiB; default: "auto" */
    readonly externalData?: 'auto' | 'always' | 'never' | undefined
    /** run the written model in ONNX Runtime beside the input; default: true */
    readonly verify?: boolean | undefined
    /** time the written model against the input; default: true */
    readonly time?: boolean | undefined
    /** shape of an input where the model is run and timed; the file stays free (repeatable) */
    readonly checkShapes?: {readonly [name: string]: readonly number[]} | undefined
  } | undefined
  readonly data?: {
    /** samples: .npz, .npy, IDX, .csv, .jsonl, .parquet, or a folder of images */
    readonly samples?: string | undefined
    /** held-out samples to judge on */
    readonly eval?: string | undefined
    /** labels of --data, when not inside or beside it */
    readonly labels?: string | undefined
    /** labels of --eval */
    readonly evalLabels?: string | undefined
    /** use at most N samples of --data */
    readonly limit?: number | undefined
    /** skip the first N samples of --data */
    readonly offset?: number | undefined
    /** array or column of labels; else label, labels or y */
    readonly labelColumn?: string | undefined
    /** shuffle --data by the seed first; class folders are unless told otherwise */
    readonly shuffle?: boolean | undefined
    /** use at most N samples of --eval */
    readonly evalLimit?: number | undefined
    /** skip the first N samples of --eval */
    readonly evalOffset?: number | undefined
    /** samples per run */
    readonly batch?: number | undefined
    /** which array of the data feeds which input (repeatable) */
    readonly map?: {readonly [name: string]: string | readonly string[]} | undefined
    /** prepare images as a preprocessor_config.json of Hugging Face says */
    readonly preprocessFile?: string | undefined
    readonly preprocess?: {
      /** resize images, height first */
      readonly resize?: readonly [number, number] | undefined
      /** channels of the images */
      readonly channels?: 'gray' | 'rgb' | 'bgr' | undefined
      /** axes of the model's image input */
      readonly layout?: 'nchw' | 'nhwc' | undefined
      /** y = (x * scale - mean) / std; image files and IDX by 1/255 into float inputs by default */
      readonly scale?: number | undefined
      /** one value, or one per channel */
      readonly mean?: readonly number[] | undefined
      /** one value, or one per channel */
      readonly std?: readonly number[] | undefined
    } | undefined
  } | undefined
  readonly judge?: {
    /** what an output means, see docs/how-results-are-judged.md (repeatable) */
    readonly outputKinds?: {readonly [name: string]: {
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings'
      readonly threshold?: number | undefined
    }} | undefined
    /** on --eval: top1 top5 f1 precision recall auc rmse mae cross-entropy perplexity agreement ./my-metric.mjs */
    readonly metric?: string | undefined
    /** output that labels are for; else the first */
    readonly outputName?: string | undefined
  } | undefined
  readonly run?: {
    /** shape of an input with free dimensions (repeatable) */
    readonly inputShapes?: {readonly [name: string]: readonly number[]} | undefined
    /** size of a free dimension (repeatable) */
    readonly dims?: {readonly [name: string]: number} | undefined
    /** value an input gets in every run: number, zeros, ones or FILE.npy (repeatable) */
    readonly feed?: {readonly [name: string]: string} | undefined
    /** seed of everything random */
    readonly seed?: number | undefined
    /** where models run, see `mopt doctor`; default: "cpu" */
    readonly provider?: string | undefined
    /** threads of ONNX Runtime */
    readonly threads?: number | undefined
  } | undefined
  readonly budget?: {
    /** the most the metric may lose: 1% or 0.01 */
    readonly maxDrop?: string | undefined
    /** the largest file: share of the input's or bytes */
    readonly maxSize?: string | undefined
    /** how many times faster than the input */
    readonly minSpeedup?: number | undefined
    /** p50 of a run, or p95=5ms */
    readonly maxLatency?: string | undefined
    /** what the worst output must keep of the answers, by its kind; needs --data or --eval */
    readonly minAgreement?: string | undefined
    /** the most noise in the worst output */
    readonly minSqnr?: string | undefined
    /** limits from a file, flags win; missed: exit code 4 */
    readonly file?: string | undefined
    /** judge times by the measured point, not by the whole interval; default: false */
    readonly strict?: boolean | undefined
  } | undefined
}

export interface BenchResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly features: readonly string[]
    readonly os: string
    readonly node: string
    readonly onnxruntime: string
  }
  readonly method: {
    readonly commandLine: string
    readonly inputs: string
    readonly minEffect: number
    readonly metric: {
      readonly name: string
      readonly direction: 'higher' | 'lower'
      readonly bounded: boolean
      readonly data: string
      readonly samples: number
    } | null
  }
  readonly results: readonly {
    readonly model: string
    readonly provider: string
    readonly batch: number
    readonly threads: number
    readonly status: 'ok' | 'failed'
    readonly error?: string | undefined
    readonly sizeBytes: number
    readonly compressedBytes: number | null
    readonly parameters: number | null
    readonly sparsity: number | null
    readonly loadMs: number | null
    readonly latencyMs: {
      readonly mean: number
      readonly std: number
      readonly min: number
      readonly p50: number
      readonly p90: number
      readonly p95: number
      readonly p99: number
      readonly max: number
      readonly samples: number
      readonly processes: number
    } | null
    readonly latencyIntervals: {readonly [name: string]: readonly [number | null, number | null]}
    readonly throughput: number | null
    readonly peakRssBytes: number | null
    readonly nodesByProvider: {readonly [name: string]: number}
    readonly metrics: {readonly [name: string]: number | null}
    readonly metricIntervals: {readonly [name: string]: readonly [number, number]}
    readonly evalBatch: number | null
    readonly fidelity: {
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
      readonly agreement: number | null
      readonly inputs: 'data' | 'synthetic'
      readonly against: 'input' | 'teacher' | 'original'
      readonly worst: string | null
      readonly samples: number
      readonly outputs: readonly {
        readonly name: string
        readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
        readonly because: string
        readonly measure: string | null
        readonly value: number | null
        readonly floor: number | null
        readonly reason: string | null
        readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
        readonly details: {readonly [name: string]: number}
        readonly maxAbs: number | null
        readonly cosine: number | null
        readonly sqnrDb: number | null
      }[]
    } | null
    readonly relative: {
      readonly latency: {
        readonly ratio: number
        readonly low: number
        readonly high: number
        readonly speedup: number
        readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
      } | null
      readonly size: number
      readonly metric: number | null
    } | null
    readonly profile?: readonly {
      readonly op: string
      readonly provider: string
      readonly durationUs: number
      readonly count: number
    }[] | undefined
  }[]
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
}

export interface DistillResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly output: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly changed: readonly {
    readonly rule: string
    readonly node?: string | undefined
    readonly op?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly form?: 'static' | 'dynamic' | 'weights' | 'float16' | undefined
    readonly count: number
  }[]
  readonly skipped: readonly {
    readonly node: string
    readonly op: string
    readonly reason: string
  }[]
  readonly fidelity: {
    readonly maxAbs: number | null
    readonly cosine: number | null
    readonly sqnrDb: number | null
    readonly agreement: number | null
    readonly inputs: 'data' | 'synthetic'
    readonly against: 'input' | 'teacher' | 'original'
    readonly worst: string | null
    readonly samples: number
    readonly outputs: readonly {
      readonly name: string
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
      readonly because: string
      readonly measure: string | null
      readonly value: number | null
      readonly floor: number | null
      readonly reason: string | null
      readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
      readonly details: {readonly [name: string]: number}
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
    }[]
  } | null
  readonly timing: {
    readonly before: number
    readonly after: number
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
  } | null
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
  readonly seconds: number
  readonly peakRssBytes: number
  readonly teacher: {
    readonly path: string
    readonly sizeBytes: number
  } | null
  readonly teacherOutputs: {
    readonly kept: 'memory' | 'disk' | 'graph'
    readonly bytes: number
  } | null
  readonly history: readonly {
    readonly epoch: number
    readonly trainLoss: number
    readonly metric: number | null
    readonly heldOutLoss?: number | undefined
    readonly learningRate: number
    readonly samplesPerSecond: number
  }[]
  readonly bestEpoch: number
  readonly steps: number
  readonly learningRate?: {
    readonly value: number
    readonly chosen: 'auto' | 'given'
    readonly tried: readonly {
      readonly value: number
      readonly loss: number | null
    }[]
  } | undefined
  readonly teaching?: {
    readonly alpha: number
    readonly temperature: number | null
    readonly chosen: readonly ('alpha' | 'temperature')[]
  } | null | undefined
  readonly losses: readonly string[]
  readonly stopped: string | null
  readonly student: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly reinitialized: boolean
  readonly metric: {
    readonly name: string
    readonly before: number
    readonly after: number | null
    readonly teacher: number | null
    readonly samples: number
  }
}

export interface FinetuneResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly output: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly changed: readonly {
    readonly rule: string
    readonly node?: string | undefined
    readonly op?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly form?: 'static' | 'dynamic' | 'weights' | 'float16' | undefined
    readonly count: number
  }[]
  readonly skipped: readonly {
    readonly node: string
    readonly op: string
    readonly reason: string
  }[]
  readonly fidelity: {
    readonly maxAbs: number | null
    readonly cosine: number | null
    readonly sqnrDb: number | null
    readonly agreement: number | null
    readonly inputs: 'data' | 'synthetic'
    readonly against: 'input' | 'teacher' | 'original'
    readonly worst: string | null
    readonly samples: number
    readonly outputs: readonly {
      readonly name: string
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
      readonly because: string
      readonly measure: string | null
      readonly value: number | null
      readonly floor: number | null
      readonly reason: string | null
      readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
      readonly details: {readonly [name: string]: number}
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
    }[]
  } | null
  readonly timing: {
    readonly before: number
    readonly after: number
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
  } | null
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
  readonly seconds: number
  readonly peakRssBytes: number
  readonly teacher: {
    readonly path: string
    readonly sizeBytes: number
  } | null
  readonly teacherOutputs: {
    readonly kept: 'memory' | 'disk' | 'graph'
    readonly bytes: number
  } | null
  readonly history: readonly {
    readonly epoch: number
    readonly trainLoss: number
    readonly metric: number | null
    readonly heldOutLoss?: number | undefined
    readonly learningRate: number
    readonly samplesPerSecond: number
  }[]
  readonly bestEpoch: number
  readonly steps: number
  readonly learningRate?: {
    readonly value: number
    readonly chosen: 'auto' | 'given'
    readonly tried: readonly {
      readonly value: number
      readonly loss: number | null
    }[]
  } | undefined
  readonly teaching?: {
    readonly alpha: number
    readonly temperature: number | null
    readonly chosen: readonly ('alpha' | 'temperature')[]
  } | null | undefined
  readonly losses: readonly string[]
  readonly stopped: string | null
  readonly student: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly reinitialized: boolean
  readonly metric: {
    readonly name: string
    readonly before: number
    readonly after: number | null
    readonly teacher: number | null
    readonly samples: number
  }
}

export interface InspectResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly model: {
    readonly path: string
    readonly sizeBytes: number
    readonly compressedBytes: number | null
    readonly sha256: string | null
    readonly irVersion: number
    readonly opsets: {readonly [name: string]: number}
    readonly producer: string
    readonly inputs: readonly {
      readonly name: string
      readonly dtype: string | null
      readonly shape: readonly (number | string | null)[] | null
    }[]
    readonly outputs: readonly {
      readonly name: string
      readonly dtype: string | null
      readonly shape: readonly (number | string | null)[] | null
    }[]
    readonly nodes: number
    readonly ops: {readonly [name: string]: number}
    readonly parameters: {
      readonly count: number
      readonly bytes: number
      readonly zeros: number | null
      readonly sparsity: number | null
      readonly byDtype: {readonly [name: string]: number}
    }
    readonly macs: number | null
    readonly quantization: string
  }
  readonly layers?: readonly {
    readonly node: string
    readonly op: string
    readonly outputShape: readonly (number | string | null)[] | null
    readonly dtype: string | null
    readonly parameters: number
    readonly bytes: number
    readonly macs: number | null
    readonly sparsity: number | null
  }[] | undefined
}

export interface PruneResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly output: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly changed: readonly {
    readonly rule: string
    readonly node?: string | undefined
    readonly op?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly form?: 'static' | 'dynamic' | 'weights' | 'float16' | undefined
    readonly count: number
  }[]
  readonly skipped: readonly {
    readonly node: string
    readonly op: string
    readonly reason: string
  }[]
  readonly fidelity: {
    readonly maxAbs: number | null
    readonly cosine: number | null
    readonly sqnrDb: number | null
    readonly agreement: number | null
    readonly inputs: 'data' | 'synthetic'
    readonly against: 'input' | 'teacher' | 'original'
    readonly worst: string | null
    readonly samples: number
    readonly outputs: readonly {
      readonly name: string
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
      readonly because: string
      readonly measure: string | null
      readonly value: number | null
      readonly floor: number | null
      readonly reason: string | null
      readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
      readonly details: {readonly [name: string]: number}
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
    }[]
  } | null
  readonly timing: {
    readonly before: number
    readonly after: number
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
  } | null
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
  readonly seconds: number
  readonly peakRssBytes: number
  readonly metric: {
    readonly name: string
    readonly before: number
    readonly after: number | null
    readonly samples: number
  } | null
  readonly sparsity: number
  readonly asked: {
    readonly sparsity: number
    readonly sparsityBefore: number
  }
  readonly parameters: {
    readonly before: number
    readonly after: number
  }
  readonly macs: {
    readonly before: number | null
    readonly after: number | null
  }
  readonly compressedBytes: {
    readonly before: number
    readonly after: number
  } | null
  readonly groups: readonly {
    readonly node: string
    readonly weight: string
    readonly parameters: number
    readonly sparsity: number
  }[]
  readonly removed: readonly {
    readonly kind: 'channel' | 'hidden unit' | 'head' | 'head-dim'
    readonly node: string
    readonly op: string
    readonly members: readonly {
      readonly value: string
      readonly axis: number
      readonly offset: number
      readonly each: number
      readonly copies: number
    }[]
    readonly size: number
    readonly kept: readonly number[]
  }[] | null
  readonly criterion: 'magnitude' | 'wanda' | null
  readonly repair: 'none' | 'least-squares' | null
  readonly training: {
    readonly teacher: {
      readonly path: string
      readonly sizeBytes: number
    } | null
    readonly teacherOutputs: {
      readonly kept: 'memory' | 'disk' | 'graph'
      readonly bytes: number
    } | null
    readonly history: readonly {
      readonly epoch: number
      readonly trainLoss: number
      readonly metric: number | null
      readonly heldOutLoss?: number | undefined
      readonly learningRate: number
      readonly samplesPerSecond: number
    }[]
    readonly bestEpoch: number
    readonly steps: number
    readonly learningRate?: {
      readonly value: number
      readonly chosen: 'auto' | 'given'
      readonly tried: readonly {
        readonly value: number
        readonly loss: number | null
      }[]
    } | undefined
    readonly teaching?: {
      readonly alpha: number
      readonly temperature: number | null
      readonly chosen: readonly ('alpha' | 'temperature')[]
    } | null | undefined
    readonly losses: readonly string[]
    readonly stopped: string | null
  } | null
}

export interface PruneGroupsResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly parameters: number
  readonly macs: number | null
  readonly groups: readonly {
    readonly kind: 'channel' | 'hidden unit' | 'head' | 'head-dim'
    readonly node: string
    readonly op: string
    readonly members: readonly {
      readonly value: string
      readonly axis: number
      readonly offset: number
      readonly each: number
      readonly copies: number
    }[]
    readonly size: number
    readonly parameters: number
    readonly macs: number | null
    readonly blocked: string | null
    readonly inexact: string | null
  }[]
}

export interface QuantizeResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly output: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly changed: readonly {
    readonly rule: string
    readonly node?: string | undefined
    readonly op?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly form?: 'static' | 'dynamic' | 'weights' | 'float16' | undefined
    readonly count: number
  }[]
  readonly skipped: readonly {
    readonly node: string
    readonly op: string
    readonly reason: string
  }[]
  readonly fidelity: {
    readonly maxAbs: number | null
    readonly cosine: number | null
    readonly sqnrDb: number | null
    readonly agreement: number | null
    readonly inputs: 'data' | 'synthetic'
    readonly against: 'input' | 'teacher' | 'original'
    readonly worst: string | null
    readonly samples: number
    readonly outputs: readonly {
      readonly name: string
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
      readonly because: string
      readonly measure: string | null
      readonly value: number | null
      readonly floor: number | null
      readonly reason: string | null
      readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
      readonly details: {readonly [name: string]: number}
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
    }[]
  } | null
  readonly timing: {
    readonly before: number
    readonly after: number
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
  } | null
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
  readonly seconds: number
  readonly peakRssBytes: number
  readonly mode: string
  readonly cpu: string
  readonly metric: {
    readonly name: string
    readonly before: number
    readonly after: number | null
    readonly samples: number
  } | null
  readonly calibration: string | null
  readonly rounding: string | null
  readonly tried: readonly {
    readonly what: string
    readonly passed: boolean
    readonly chosen: boolean
    readonly output: string | null
    readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
    readonly measure: string | null
    readonly value: number | null
    readonly floor: number | null
    readonly sqnrDb: number | null
  }[]
  readonly searched: readonly {
    readonly what: string
    readonly layers: number
    readonly drop: number
    readonly standardError: number
    readonly samples: number
    readonly sizeBytes: number
    readonly ms: number | null
    readonly ratio: number | null
    readonly held: boolean
    readonly chosen: boolean
  }[]
  readonly tuned: readonly {
    readonly question: string
    readonly alternative: string
    readonly ratio: number | null
    readonly low: number | null
    readonly high: number | null
    readonly kept: boolean
  }[] | null
}

export interface QuantizePlanResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly path: string | null
  readonly mode: string
  readonly cpu: string
  readonly calibration: string | null
  readonly rounding: string | null
  readonly blockSize: number
  readonly nodes: readonly {
    readonly node: string
    readonly op: string
    readonly form: string
    readonly because: string
    readonly could: readonly string[]
    readonly stem?: boolean | undefined
  }[]
  readonly tried: readonly {
    readonly what: string
    readonly passed: boolean
    readonly chosen: boolean
    readonly output: string | null
    readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
    readonly measure: string | null
    readonly value: number | null
    readonly floor: number | null
    readonly sqnrDb: number | null
  }[]
  readonly searched: readonly {
    readonly what: string
    readonly layers: number
    readonly drop: number
    readonly standardError: number
    readonly samples: number
    readonly sizeBytes: number
    readonly ms: number | null
    readonly ratio: number | null
    readonly held: boolean
    readonly chosen: boolean
  }[]
}

export interface QuantizeSensitivityResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly mode: string
  readonly layers: readonly {
    readonly node: string
    readonly op: string
    readonly form: string
    readonly error: number
    readonly measure: 'KL' | 'loss' | 'estimated KL' | 'estimated noise'
    readonly output: string | null
    readonly sqnrDb: number | null
    readonly weightBytes: number
  }[]
}

export interface SimplifyResult {
  readonly schemaVersion: 1
  readonly command: string
  readonly warnings: readonly {
    readonly code: string
    readonly message: string
    readonly hint?: string | undefined
  }[]
  readonly input: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly output: {
    readonly path: string
    readonly sizeBytes: number
  }
  readonly changed: readonly {
    readonly rule: string
    readonly node?: string | undefined
    readonly op?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly form?: 'static' | 'dynamic' | 'weights' | 'float16' | undefined
    readonly count: number
  }[]
  readonly skipped: readonly {
    readonly node: string
    readonly op: string
    readonly reason: string
  }[]
  readonly fidelity: {
    readonly maxAbs: number | null
    readonly cosine: number | null
    readonly sqnrDb: number | null
    readonly agreement: number | null
    readonly inputs: 'data' | 'synthetic'
    readonly against: 'input' | 'teacher' | 'original'
    readonly worst: string | null
    readonly samples: number
    readonly outputs: readonly {
      readonly name: string
      readonly kind: 'labels' | 'scores' | 'places' | 'mask' | 'boxes' | 'detections' | 'tokens' | 'lines' | 'embedding' | 'regression' | 'state' | 'integers' | 'strings' | null
      readonly because: string
      readonly measure: string | null
      readonly value: number | null
      readonly floor: number | null
      readonly reason: string | null
      readonly reasonCode?: 'MADE_UP_INPUTS' | 'FLAT_OUTPUT' | undefined
      readonly details: {readonly [name: string]: number}
      readonly maxAbs: number | null
      readonly cosine: number | null
      readonly sqnrDb: number | null
    }[]
  } | null
  readonly timing: {
    readonly before: number
    readonly after: number
    readonly ratio: number
    readonly low: number
    readonly high: number
    readonly verdict: 'faster' | 'slower' | 'no difference' | 'undecided'
  } | null
  readonly budget: {
    readonly passed: boolean
    readonly checks: readonly {
      readonly name: 'max-drop' | 'max-size' | 'min-speedup' | 'max-latency' | 'min-agreement' | 'min-sqnr'
      readonly limit: string
      readonly actual: string
      readonly passed: boolean
      readonly model: string
      readonly provider: string
      readonly batch: number
      readonly threads: number
    }[]
  } | null
  readonly seconds: number
  readonly peakRssBytes: number
  readonly metric: {
    readonly name: string
    readonly before: number
    readonly after: number | null
    readonly samples: number
  } | null
  readonly nodes: {
    readonly before: number
    readonly after: number
  }
  readonly opset: {
    readonly before: number
    readonly after: number
  }
  readonly dryRun: boolean
}
