import {basename} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {BugError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import {withChild} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {SessionSettings} from '../session/session-settings.js'

const EVALUATE = task<typeof import('./evaluate-task.js').evaluate>('runtime/evaluate/evaluate-task', 'evaluate', {
  leavesNothing: true,
})

export interface EvaluateOptions extends RunControl {
  readonly data: DataSpec
  /** Rows per run; a model with a fixed first dimension gets that. */
  readonly batch: number
  /** The first output that is a tensor of numbers when absent. */
  readonly outputName?: string | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** One output over all samples. */
export interface Evaluation {
  /** Row-major, in the order of the samples, padding cut. */
  readonly data: Float32Array
  /** `[samples, ...]` */
  readonly shape: readonly number[]
  readonly labels: Float64Array | undefined
  readonly samples: number
  /** What the data set had to say: ignored arrays, default scale. */
  readonly notes: readonly string[]
  readonly peakRssBytes: number
}

/**
 * Runs every sample of the data through a model in a child process.
 *
 * @throws DataError for data that does not fit, UsageError for an unknown output, UnsupportedError for an output without a row
 *   per sample, RuntimeRefusedError, MachineError, InterruptedError.
 */
export async function evaluate(path: string, settings: SessionSettings, options: EvaluateOptions): Promise<Evaluation> {
  return withEvaluator(path, settings, options, (run) => run(options.data))
}

/** The same for several sets of samples, by one child that is gone when the promise settles. */
export async function withEvaluator<T>(
  path: string,
  settings: SessionSettings,
  options: Omit<EvaluateOptions, 'data'>,
  use: (run: (data: DataSpec) => Promise<Evaluation>) => Promise<T>,
): Promise<T> {
  const {batch, outputName} = options
  return withChild(EVALUATE, settings, `evaluating ${basename(path)}`, options, (child) =>
    use(async (data) => {
      const parts: Float32Array[] = []
      const listeners = {...options, onPart: (part: Float32Array) => parts.push(part)}
      const question = {path, settings, data, batch, outputName}
      const {output, peakRssBytes} = await child.request(EVALUATE, question, listeners)
      return {...output, data: joined(parts, elementCount(output.shape)), peakRssBytes}
    }),
  )
}

function joined(parts: Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length)
  let start = 0
  // each part is let go as soon as it is copied
  for (let part = parts.shift(); part; part = parts.shift()) {
    whole.set(part, start)
    start += part.length
  }
  if (start !== length) throw new BugError(`expected ${length} output elements from the child, got ${start}`)
  return whole
}
