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
